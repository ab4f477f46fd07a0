module safefinetune.dev/test-cluster/probe

go 1.26.0
