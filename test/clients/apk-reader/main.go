// apk-reader installs packages from a repository of Alpine packages into an empty root, with the signature of the index verified, and
// prints what the index lists and what was installed, as JSON.
//
// usage: apk-reader ROOT REPOSITORIES ARCH KEY PACKAGE...
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"github.com/chainguard-dev/go-apk/pkg/apk"
	"github.com/chainguard-dev/go-apk/pkg/fs"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	root, repository, arch, key, packages := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5:]
	ctx := context.Background()
	files := fs.DirFS(root)
	a, err := apk.New(apk.WithFS(files), apk.WithArch(arch), apk.WithIgnoreMknodErrors(true))
	check(err)
	check(a.InitDB(ctx))
	content, err := os.ReadFile(key)
	check(err)
	check(files.MkdirAll("etc/apk/keys", 0o755))
	check(files.WriteFile(filepath.Join("etc/apk/keys", filepath.Base(key)), content, 0o644))
	check(a.SetRepositories(ctx, []string{repository}))
	indexes, err := a.GetRepositoryIndexes(ctx, false)
	check(err)
	listed := map[string]*apk.Package{}
	for _, index := range indexes {
		for _, each := range index.Packages() {
			listed[each.Name+" "+each.Version] = each.Package
		}
	}
	check(a.SetWorld(ctx, packages))
	check(a.FixateWorld(ctx, nil))
	found, err := a.GetInstalled()
	check(err)
	installed := map[string]string{}
	for _, each := range found {
		installed[each.Name] = each.Version
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{"listed": listed, "installed": installed}))
}
