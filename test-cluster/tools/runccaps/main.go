// A runc for machines that lack a capability themselves, as many containers and virtual machines do.
//
// Docker asks for every capability that the kernel knows when a container or an exec is privileged, and runc then stops
// with "unable to apply caps". This takes what cannot be granted out of the OCI files that the command line names, and
// becomes the real runc: that of $RUNC, or the first one on the PATH.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// The number of a capability is its position here, as in include/uapi/linux/capability.h.
var capabilities = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
	LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO
	SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE
	AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON
	BPF CHECKPOINT_RESTORE`)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "runccaps:", err)
		os.Exit(1)
	}
}

func run() error {
	missing, err := missing()
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		for _, file := range files(os.Args) {
			if err := prune(file, missing); err != nil {
				return err
			}
		}
	}
	runc := os.Getenv("RUNC")
	if runc == "" {
		if runc, err = exec.LookPath("runc"); err != nil {
			return err
		}
	}
	os.Args[0] = "runc"
	return syscall.Exec(runc, os.Args, os.Environ())
}

// missing is what this process could never get, read from its bounding set.
func missing() (map[string]bool, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	missing := map[string]bool{}
	for line := range strings.Lines(string(status)) {
		bounding, found := strings.CutPrefix(line, "CapBnd:")
		if !found {
			continue
		}
		set, err := strconv.ParseUint(strings.TrimSpace(bounding), 16, 64)
		if err != nil {
			return nil, err
		}
		for number, name := range capabilities {
			if set>>number&1 == 0 {
				missing["CAP_"+name] = true
			}
		}
	}
	return missing, nil
}

// files are the OCI files of a command line: config.json of a bundle, or the process of an exec.
func files(arguments []string) []string {
	var files []string
	for i, argument := range arguments {
		flag, value, joined := strings.Cut(argument, "=")
		if !slices.Contains([]string{"--bundle", "-b", "--process", "-p"}, flag) {
			continue
		}
		if !joined {
			if i+1 == len(arguments) {
				continue
			}
			value = arguments[i+1]
		}
		if info, err := os.Stat(value); err == nil && info.IsDir() {
			value = filepath.Join(value, "config.json")
		}
		if _, err := os.Stat(value); err == nil {
			files = append(files, value)
		}
	}
	return files
}

// prune takes the missing capabilities out of every set of the process.
func prune(file string, missing map[string]bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	process := document
	if inner, isConfig := document["process"].(map[string]any); isConfig {
		process = inner
	}
	sets, _ := process["capabilities"].(map[string]any)
	for set, names := range sets {
		list, _ := names.([]any)
		sets[set] = slices.DeleteFunc(list, func(name any) bool { return missing[fmt.Sprint(name)] })
	}
	if text, err = json.Marshal(document); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
