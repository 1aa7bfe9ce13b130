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
INSERT INTO "content" VALUES('00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec',X'AFA04F9711948976789C8B8E564ACD2BCB2CCACFCB4DCD2BD1ABCCCD51D2C12292984419548A8D05003A24275F');
INSERT INTO "content" VALUES('da55486c57f843f70b3a08e7ef54f3c45edf7e38e9ecc7fd8064dd2644fe3b0c',X'32DB0B728FA5BFBC789C8B8E56CAC94FCED6CFCD2C2ECECC4B57D2514A2D2ACA2F02D28920765E5966517E5E6E6A5E895E656E8E928E31505C21B358A11C280A529C4800009528E944C7829001102A81F8401E2E3B9370D899846C67120180D5CE5800D2BB4A75');
INSERT INTO "content" VALUES('b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18',X'C42CBF940AE23A1A789CAB562A2ACD492D56B28A56CAC94FCED6CFCD2C2ECECC4B57D2512A2BCDC9D3CFCECB2FCF538AD5512ACD4BCE484DCE4E4D01AA0472CB33F2735295AC4A8A4A536B0120311796');
INSERT INTO "content" VALUES('d90c519c7ee6a7ab5b14e4369131aada9b007d42770af9142f9e31c00121ffb8',X'430A9F9BF8AA060F789C8B8E564ACECF4B4954D251AACAC94C0252867A464032C320DE00488150AC0E424D5E696E41259036D2334053140B00DD1412A0');
INSERT INTO "content" VALUES('8728f56f3995ea27200e92defd04ea3bb71a07549edf4a29bed2dc012c692023',X'94541B610DDB48A0789C8590CD0AC23010845F25EC49A1B56905EF22A277C14BE9216D5609A61B49FA836FEF867AE8C1D24920BBC3C07CA42CC1BAE695B52604434F4800BD779EDF3ACE3418EFA845EA769FD642B2675F9820467663B85E11472029AB78251F883B6F4B9D7AA153CF3BF58A38A29A06DF1D6AF1705E28E1D1A20A28363D75C68A421687342F52996FFFC20DBDA5EC456E247646E5E907B9008773385CD1F42170BA9FD309838DCBF576E42156AB5C4A98E3545F83C682C6');
INSERT INTO "content" VALUES('c477ed5e0bf46fea79ab25d71edb3e2941c0d3726a4186fb5d90745708e00036',X'4F8362847A4016B7789C8B8E564ACECF4B4954D251AACAC94C0252867AC64032C320DE00488150AC0E424D5E696E41259036D2334053140B00DD4A12A1');
INSERT INTO "content" VALUES('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',X'C0E1FDBCEEF21694789C8B8E0500011500B9');
INSERT INTO "content" VALUES('c592d19807c6f08d3266465234774718612e3a5675bbd4fa5dcfb1f7f623859a',X'BD4CB12E9E17273D789CAB562A2ACD492D56B28A56CAC94FCED6CFCD2C2ECECC4B57D2512A2BCDC9D3CFCECB2FCF538AD5512ACD4BCE484DCE4E4D01AA0472CB33F2735295ACD212738A536B01377117E1');
INSERT INTO "content" VALUES('106a8cf8a62f7011ea855ca6a9a2d7bd237465321b648183d5b6f290df5a5774',X'8EC335FF6591C0B3789C8B8E564ACECF4B4954D251AACAC94C0252867AC64032C320DE004881506C2C00C3EF0954');
INSERT INTO "content" VALUES('682aa96f016117c17e84f309db009e7cbfcc0e32bb03ba967f62e4cc3fe88a6c',X'AE77E05F903688D6789C854B5D0A82310CBB4AE993C23EDD37C1CB8C3D8CAD4A713FD24DC5DBDB9DC024901012EFB1F4F438571E83DB1D0D924817F5BC727BB3F456A9CDD3B7163417ED81077CB45DE3FC073A8929D17352865B17882054280E82C3AB4D2EE0ACBB6EBBDBEC7E44E3C39255A21E31841F9C67329D');
INSERT INTO "content" VALUES('f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310',X'9D4B32130E17A972789CAB564A54B25230AC050009E50229');
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
INSERT INTO "record" VALUES(1,'one',1,'2026-11-24T10:00:01.000000Z',2,0,0,0,2,0,2,'{"at":"2026-11-24T10:00:01.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","d90c519c7ee6a7ab5b14e4369131aada9b007d42770af9142f9e31c00121ffb8"]],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"da55486c57f843f70b3a08e7ef54f3c45edf7e38e9ecc7fd8064dd2644fe3b0c","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000001","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"NO_GO","version":1}','2d328c4d2405f4bc24dc530157f5b4b98477f630c6de84b4d283cf52dd138102');
INSERT INTO "record" VALUES(2,'two',1,'2026-11-24T10:00:02.000000Z',1,1,0,1,1,1,1,'{"at":"2026-11-24T10:00:02.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","c477ed5e0bf46fea79ab25d71edb3e2941c0d3726a4186fb5d90745708e00036"]],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"8728f56f3995ea27200e92defd04ea3bb71a07549edf4a29bed2dc012c692023","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000002","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[["a100","NO_GO"]],"tool":"0.1.0","user":"jane","verdict":"NO_GO","version":1}','b3fb8bbbf73845cc3cd35e59b80a659b346b274b102a33b593231969ab493189');
INSERT INTO "record" VALUES(3,'three',1,'2026-11-24T10:00:03.000000Z',0,0,0,0,0,1,1,'{"at":"2026-11-24T10:00:03.000000Z","branch":"","command":"lock","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[["conda-lock.yml","","linux-64","106a8cf8a62f7011ea855ca6a9a2d7bd237465321b648183d5b6f290df5a5774"]],"facts":{"moved":2,"platforms":"linux-64"},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","host":"node-1","name":"repo","project":"github.com/org/repo","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000003","scope":"c592d19807c6f08d3266465234774718612e3a5675bbd4fa5dcfb1f7f623859a","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"GO","version":1}','f07b6d9cea801eacc6544e8c38f57b0805198c7fd5a34cac991b6eb9d833e026');
INSERT INTO "record" VALUES(4,'four',2,'2026-11-24T10:00:04.000000Z',0,0,0,1,0,0,0,'{"at":"2026-11-24T10:00:04.000000Z","branch":"","command":"audit","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"682aa96f016117c17e84f309db009e7cbfcc0e32bb03ba967f62e4cc3fe88a6c","host":"node-1","name":"\u00fcnder","project":"vm:/home/jane/\u00fcnder","reasons":[],"report":"f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310","report_sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","revision":"0000000000000000000000000000000000000004","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"GO","version":1}','c24abdfdb8b4cd460a1dff8866708c55b279d26bc13b571a95414a8b24b57558');
INSERT INTO "record" VALUES(5,'five',3,'2026-11-24T10:00:05.000000Z',0,0,0,0,0,0,0,'{"at":"2026-11-24T10:00:05.000000Z","branch":"","command":"freeze","coverage":{"failed":0,"passed":3},"dirty":false,"environments":[],"facts":{},"files":"00a363dcf69d2813d313b6c3563bf0823003d99870e12a0acba3cd9a24304dec","findings":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","host":"node-1","name":"env","project":"vm:/opt/env","reasons":[],"report":"","report_sha256":"","revision":"0000000000000000000000000000000000000005","scope":"b2459bed896f86297610db02bdf60ef026015746ffd5699269525ef8f872bb18","subject":".","targets":[],"tool":"0.1.0","user":"jane","verdict":"","version":1}','be7b6d88093fb0a1bb5c411ce254c902f74f1a6f9e120821c5095f847a70606a');
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  records INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  audited INTEGER NOT NULL, command TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '',
  UNIQUE (project, subject)
);
INSERT INTO "series" VALUES(1,'github.com/org/repo','.','repo',3,3,2,'audit','NO_GO','2026-11-24T10:00:02.000000Z');
INSERT INTO "series" VALUES(2,'vm:/home/jane/ünder','.','ünder',1,4,4,'audit','GO','2026-11-24T10:00:04.000000Z');
INSERT INTO "series" VALUES(3,'vm:/opt/env','.','env',1,5,0,'freeze','','2026-11-24T10:00:05.000000Z');
CREATE TABLE step (number INTEGER PRIMARY KEY);
INSERT INTO "step" VALUES(1);
INSERT INTO "step" VALUES(2);
INSERT INTO "step" VALUES(3);
CREATE TABLE waiver (
  series INTEGER NOT NULL,
  until TEXT NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  findings INTEGER NOT NULL
);
INSERT INTO "waiver" VALUES(1,'2026-12-01','lock/missing','accepted for a release (until 2026-12-01)',1);
INSERT INTO "waiver" VALUES(2,'2026-12-01','lock/missing','accepted for a release (until 2026-12-01)',1);
CREATE INDEX record_series ON record (series, seq);
CREATE INDEX record_digest ON record (digest)
;
CREATE INDEX finding_there ON finding (series) WHERE went IS NULL;
CREATE INDEX finding_fingerprint ON finding (fingerprint, came);
CREATE INDEX finding_rule ON finding (rule, came);
CREATE INDEX package_series ON package (series, name);
CREATE INDEX package_there ON package (series) WHERE went IS NULL;
CREATE INDEX package_name ON package (name, version) WHERE went IS NULL;
CREATE INDEX series_at ON series (at, id);
CREATE INDEX series_name ON series (name, id);
CREATE INDEX waiver_series ON waiver (series);
CREATE INDEX waiver_until ON waiver (until, series, rule, reason);
CREATE INDEX finding_rule_there ON finding (rule, series) WHERE went IS NULL;
CREATE INDEX package_name_there ON package (name, series) WHERE went IS NULL
;
COMMIT;
