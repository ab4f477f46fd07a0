// What the end-to-end tests run in pods of their own: a program that needs nothing of its image.
//
//	probe copy FROM TO    copies the files below FROM to TO, for everybody to read
//	probe list DIRECTORY  prints sha256, size and path of each file below it
//	probe get URL         asks for it until it answers, for 15 seconds, and prints the status
//	probe closed URL      asks for it until it has not answered for 15 seconds, for 30 seconds, and prints why
package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const patience = 15 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 3 && arguments[0] == "copy":
		return each(arguments[1], func(path string) error { return copyFile(arguments[1], path, arguments[2]) })
	case len(arguments) == 2 && arguments[0] == "list":
		return each(arguments[1], func(path string) error { return list(arguments[1], path) })
	case len(arguments) == 2 && arguments[0] == "get":
		return get(arguments[1])
	case len(arguments) == 2 && arguments[0] == "closed":
		return closed(arguments[1])
	default:
		return fmt.Errorf("copy FROM TO, list DIRECTORY, get URL or closed URL, not %q", arguments)
	}
}

func each(root string, do func(path string) error) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return do(path)
	})
}

func copyFile(from, path, to string) error {
	relative, err := filepath.Rel(from, path)
	if err != nil {
		return err
	}
	target := filepath.Join(to, relative)
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	source, err := os.Open(path)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := os.Create(target)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, source); err != nil {
		return err
	}
	return file.Sync()
}

func list(root, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return err
	}
	relative, err := filepath.Rel(root, path)
	fmt.Printf("%x %d %s\n", hash.Sum(nil), size, relative)
	return err
}

// get: a pod that has just started may be refused until the network policies know its address.
func get(url string) error {
	for begin := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		status, err := ask(url)
		if err == nil {
			fmt.Println(status)
			return nil
		}
		if time.Since(begin) > patience {
			return err
		}
	}
}

// closed: as long as they do not know its address, such a pod may also be let through. Closed is the way once nothing has
// answered for as long as an open way is waited for.
func closed(url string) error {
	begin := time.Now()
	for since := begin; ; time.Sleep(200 * time.Millisecond) {
		status, err := ask(url)
		if err == nil {
			since = time.Now()
		} else if time.Since(since) > patience {
			fmt.Println(err)
			return nil
		}
		if time.Since(begin) > 2*patience {
			return fmt.Errorf("%s answered within the last %s: %d", url, patience, status)
		}
	}
}

// ask does not look at the certificate: what is asked is whether the way is open.
func ask(url string) (int, error) {
	client := http.Client{
		Timeout:   time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	response, err := client.Get(url)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
