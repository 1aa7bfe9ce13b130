PRAGMA application_id = 1129335857;
BEGIN TRANSACTION;
CREATE TABLE advisory (
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (name, fingerprint)
);
INSERT INTO "advisory" VALUES('CVE-2026-1','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee');
INSERT INTO "advisory" VALUES('GHSA-1','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee');
CREATE TABLE content (digest TEXT PRIMARY KEY, body BLOB NOT NULL);
INSERT INTO "content" VALUES('00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec',X'789C8B8E564ACD2BCB2CCACFCB4DCD2BD1ABCCCD51D2C12292984419548A8D05003A24275F');
INSERT INTO "content" VALUES('cc03bd23aebd6e3e2072bbfab42956984c439391160e2f60a8b19bea2b9e9468',X'789C8B8E56CAC94FCED6CFCD2C2ECECC4B57D2514A2D2ACA2F02D28920765E5966517E5E6E6A5E895E656E8E928E31505C21B358A11C280A529C4800009528E944C7021110E3B22909874D49C8362511004836C50200E01E4745');
INSERT INTO "content" VALUES('b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18',X'789CAB562A2ACD492D56B28A56CAC94FCED6CFCD2C2ECECC4B57D2512A2BCDC9D3CFCECB2FCF538AD5512ACD4BCE484DCE4E4D01AA0472CB33F2735295AC4A8A4A536B0120311796');
INSERT INTO "content" VALUES('d90c519c7ee6a7ab5b14e4369131aada9b007d42770af9142f9e31c00121ffb8',X'789C8B8E564ACECF4B4954D251AACAC94C0252867A464032C320DE00488150AC0E424D5E696E41259036D2334053140B00DD1412A0');
INSERT INTO "content" VALUES('94895612060e6d3f9fda451df08f419338bf4314a55b9c83d0fe2a1edeba5186',X'789C858FCD0AC23010845F65C949A1B56905EF22A277C14BC9216D56094D3792F407DFDE2DF5D04BE990906518F69B94A570BE6EB2D6C668E92D128121F8C06F35CD34D8E0A945EA0EDFD689E4C83ED80823BB53B8DA104744522A3E7CD7486685649624B3218EE8BAC64F87065E3E8086800E7544D8F5D45907852C4E695EA432DF2F2A0DBDA3AC213F122F1875A07FB5954AB8AC841B9A3F2F2ECF6B3AC3D9B8DD1F671E26B4CEA5144AA91F116E7DFE');
INSERT INTO "content" VALUES('c477ed5e0bf46fea79ab25d71edb3e2941c0d3726a4186fb5d90745708e00036',X'789C8B8E564ACECF4B4954D251AACAC94C0252867AC64032C320DE00488150AC0E424D5E696E41259036D2334053140B00DD4A12A1');
INSERT INTO "content" VALUES('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',X'789C8B8E0500011500B9');
INSERT INTO "content" VALUES('c592d19807c6f08d3266465234774718612e3a5675bbd4fa5dcfb1f7f623859a',X'789CAB562A2ACD492D56B28A56CAC94FCED6CFCD2C2ECECC4B57D2512A2BCDC9D3CFCECB2FCF538AD5512ACD4BCE484DCE4E4D01AA0472CB33F2735295ACD212738A536B01377117E1');
INSERT INTO "content" VALUES('106a8cf8a62f7011ea855ca6a9a2d7bd237465321b648183d5b6f290df5a5774',X'789C8B8E564ACECF4B4954D251AACAC94C0252867AC64032C320DE004881506C2C00C3EF0954');
INSERT INTO "content" VALUES('769272d62fac0271a47d04ffd58754233ae12b9edc1754a416529ffe5744113c',X'789C858A510A02310C44AF12F2A5D0D5DD0A5EA6F4A3B451826D2A6955BCBDD913380CCCF0782160EDF9716E3C06CB1D1D926A57DBB27F79B3766924F3F46D15DDC538F0808FD15D2E7F624ACA999E930ADCBA4202A54A69101C5E32B9825FFD75D9FCB26E4774215A63FC01ACEF3105');
INSERT INTO "content" VALUES('f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310',X'789CAB564A54B25230AC050009E50229');
CREATE TABLE day (
  day TEXT NOT NULL,
  severity TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER NOT NULL,
  PRIMARY KEY (day, severity)
);
INSERT INTO "day" VALUES('2026-11-24','error',2,2);
INSERT INTO "day" VALUES('2026-11-24','warning',1,0);
CREATE TABLE finding (
  series INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  muted INTEGER NOT NULL,
  about TEXT NOT NULL,
  path TEXT NOT NULL,
  targets TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER
);
INSERT INTO "finding" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','lock/missing','error',0,'a','environment.yml','[]',1,2);
INSERT INTO "finding" VALUES(1,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','lock/missing','error',0,'b','environment.yml','[]',1,3);
INSERT INTO "finding" VALUES(1,'dddddddddddddddddddddddddddddddd','lock/missing','error',1,'d','environment.yml','[]',2,3);
INSERT INTO "finding" VALUES(1,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','vuln/known','warning',0,'e','environment.yml','["a100"]',2,NULL);
INSERT INTO "finding" VALUES(2,'dddddddddddddddddddddddddddddddd','lock/missing','error',1,'d','environment.yml','[]',4,NULL);
CREATE TABLE package (
  series INTEGER NOT NULL,
  path TEXT NOT NULL,
  environment TEXT NOT NULL,
  platform TEXT NOT NULL,
  manager TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  build TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER
);
INSERT INTO "package" VALUES(1,'conda-lock.yml','','linux-64','conda','zlib','1.2','h0_0',1,2);
INSERT INTO "package" VALUES(1,'conda-lock.yml','','linux-64','conda','numpy','2.0','h0_0',1,3);
INSERT INTO "package" VALUES(1,'conda-lock.yml','','linux-64','conda','zlib','1.3','h0_0',2,NULL);
CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  series INTEGER NOT NULL,
  at TEXT NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  muted INTEGER NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  body TEXT NOT NULL,
  digest TEXT NOT NULL
);
INSERT INTO "record" VALUES(1,'one',1,'2026-11-24T10:00:01.000000Z',2,0,0,0,2,0,2,'{"at":"2026-11-24T10:00:01.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","d90c519c7ee6a7ab5b14e4369131aada9b007d42770af9142f9e31c00121ffb8"]],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"cc03bd23aebd6e3e2072bbfab42956984c439391160e2f60a8b19bea2b9e9468","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000001","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"NO_GO","version":1}','59906efa3d622da6998012f8c5acda29c4e4fdcdde0a461dd95692bc9f49956a');
INSERT INTO "record" VALUES(2,'two',1,'2026-11-24T10:00:02.000000Z',1,1,0,1,1,1,1,'{"at":"2026-11-24T10:00:02.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","c477ed5e0bf46fea79ab25d71edb3e2941c0d3726a4186fb5d90745708e00036"]],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"94895612060e6d3f9fda451df08f419338bf4314a55b9c83d0fe2a1edeba5186","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000002","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[["a100","NO_GO"]],"tool":"0.1.0","user":"jane","verdict":"NO_GO","version":1}','70164d03825d08b476bf0860137d650264aad768fba4e005b2c1d1e507a08ef3');
INSERT INTO "record" VALUES(3,'three',1,'2026-11-24T10:00:03.000000Z',0,0,0,0,0,1,1,'{"at":"2026-11-24T10:00:03.000000Z","branch":"","command":"lock","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","106a8cf8a62f7011ea855ca6a9a2d7bd237465321b648183d5b6f290df5a5774"]],"facts":{"moved":2,"platforms":"linux-64"},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000003","scope":"c592d19807c6f08d3266465234774718612e3a5675bbd4fa5dcfb1f7f623859a","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"GO","version":1}','e806e89393fa71a21c40429c042c7b59d10250e6e0495275e8c8e0721ae1f198');
INSERT INTO "record" VALUES(4,'four',2,'2026-11-24T10:00:04.000000Z',0,0,0,1,0,0,0,'{"at":"2026-11-24T10:00:04.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"769272d62fac0271a47d04ffd58754233ae12b9edc1754a416529ffe5744113c","host":"node-1","name":"\u00fcnder","project":"vm:/home/jane/\u00fcnder","reasons":[],"report":"f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310","report_sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","revision":"0000000000000000000000000000000000000004","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"GO","version":1}','882927a2abe14ce11aed46f3d359ac7e509e69f20de4d68cfcbce98918698c45');
INSERT INTO "record" VALUES(5,'five',3,'2026-11-24T10:00:05.000000Z',0,0,0,0,0,0,0,'{"at":"2026-11-24T10:00:05.000000Z","branch":"","command":"freeze","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","host":"node-1","name":"env","project":"vm:/opt/env","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000005","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"","version":1}','a727a5d33a8e4782803dff5bdc28b991f860e607ae58d86daaad8fecce2dcca0');
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  records INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  audited INTEGER NOT NULL,
  UNIQUE (project, subject)
);
INSERT INTO "series" VALUES(1,'github.com/org/repo','.','repo',3,3,2);
INSERT INTO "series" VALUES(2,'vm:/home/jane/ünder','.','ünder',1,4,4);
INSERT INTO "series" VALUES(3,'vm:/opt/env','.','env',1,5,0);
CREATE TABLE step (number INTEGER PRIMARY KEY);
INSERT INTO "step" VALUES(1);
INSERT INTO "step" VALUES(2);
CREATE INDEX record_series ON record (series, seq)
;
CREATE INDEX finding_there ON finding (series) WHERE went IS NULL;
CREATE INDEX finding_fingerprint ON finding (fingerprint, came);
CREATE INDEX finding_rule ON finding (rule, came);
CREATE INDEX package_series ON package (series, name);
CREATE INDEX package_there ON package (series) WHERE went IS NULL;
CREATE INDEX package_name ON package (name, version) WHERE went IS NULL;
COMMIT;
