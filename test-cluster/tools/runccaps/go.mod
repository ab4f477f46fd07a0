module safefinetune.dev/test-cluster/runccaps

go 1.26.0
