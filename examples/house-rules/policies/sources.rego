# Where packages may come from.
package preflight.sources

import rego.v1

channels := {"conda-forge", "nodefaults", "nvidia", "pytorch"}

deny contains {"id": "house-channel", "msg": msg, "file": channel.file, "line": channel.line} if {
	some manifest in input.manifests
	some channel in manifest.channels
	not channel.name in channels
	msg := sprintf("%v is no channel of the house", [channel.text])
}

deny contains {
	"id": "house-index",
	"msg": msg,
	"file": dependency.file,
	"line": dependency.line,
	"fix": "Ask the platform team to take the package into the house's index.",
} if {
	some dependency in pip
	dependency.kind in {"url", "vcs"}
	msg := sprintf("%v is fetched from elsewhere than the house's index", [dependency.text])
}

pip contains dependency if {
	some file in array.concat(input.manifests, input.requirements)
	some dependency in file.dependencies
	dependency.manager == "pip"
}
