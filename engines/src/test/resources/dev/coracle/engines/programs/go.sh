# The Go compiler builds and tests a program with many goroutines, children and a server.
set -e
export GOCACHE=$PWD/cache GOPATH=$PWD/path GOFLAGS=-mod=mod GOTOOLCHAIN=local GO111MODULE=on
mkdir module && cd module
go mod init example.org/module 2>/dev/null
cat >main.go <<'END'
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
)

func Sum(n int) int { return n * (n + 1) / 2 }

func main() {
	var group sync.WaitGroup
	results := make([]int, 500)
	for i := range results {
		group.Add(1)
		go func(i int) { defer group.Done(); results[i] = Sum(i) }(i)
	}
	group.Wait()
	fmt.Println(results[499])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { panic(err) }
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "served ", r.URL) }))
	answer, err := http.Get("http://" + listener.Addr().String() + "/x")
	if err != nil { panic(err) }
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(string(text))
	out, err := exec.Command("/bin/sh", "-c", "echo child; exit 2").CombinedOutput()
	fmt.Print(string(out), err, "\n")
	self, _ := os.Executable()
	fmt.Println(self)
	os.Mkdir("made", 0o755)
	entries, _ := os.ReadDir(".")
	for _, entry := range entries { fmt.Println(entry.Name(), entry.IsDir()) }
	defer func() { fmt.Println("recovered", recover() != nil) }()
	var nothing *int
	fmt.Println(*nothing)
}
END
printf 'package main\nimport "testing"\nfunc TestSum(t *testing.T) { if Sum(4) != 10 { t.Fatal() } }\n' >main_test.go
go vet . && go build -o program . && ./program
go test . | sed 's/[0-9.]*s$//'
