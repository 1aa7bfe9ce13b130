# What a person should look at.
package preflight.review

import rego.v1

warn contains {"about": waiver.rule, "msg": msg} if {
	some waiver in input.settings.waivers
	waiver.expires > last
	msg := sprintf("The waiver of %v holds until %v; the house allows this year", [waiver.rule, waiver.expires])
}

last := concat("-", [substring(input.day, 0, 4), "12-31"])

warn contains {"id": "cluster-image", "msg": msg, "file": container.file, "line": container.line} if {
	some workload in input.workloads
	some container in workload.containers
	not contains(container.image, "@sha256:")
	msg := sprintf("%v may be another image tomorrow", [container.image])
}
