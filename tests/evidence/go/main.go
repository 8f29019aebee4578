// Command logcheck reads a Wushu node's log with the packages of Go's checksum database
// (golang.org/x/mod/sumdb/note and tlog), which know nothing of Wushu.
//
// Usage: logcheck BASE_URL VERIFIER_KEY
//
// It opens the checkpoint, reads every hash through tlog.TileHashReader, compares every entry with
// its hash, checks the node's own proofs and proofs of its own making, and then checks that each of
// these is refused when one bit of it is changed. It prints what it checked as JSON.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type counts struct {
	Size, Entries, Inclusion, Consistency, Refused int
}

func main() {
	found, err := check(strings.TrimSuffix(os.Args[1], "/"), os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return body, err
}

// tiles reads tiles of C2SP tlog-tiles, whose paths leave out the height.
type tiles struct {
	base   string
	change func(data []byte)
}

func (t *tiles) Height() int                                 { return 8 }
func (t *tiles) SaveTiles(wanted []tlog.Tile, data [][]byte) {}
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := get(t.base + "/evidence/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		if t.change != nil {
			t.change(data)
		}
		found = append(found, data)
	}
	return found, nil
}

func openCheckpoint(message []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func check(base, key string) (*counts, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	message, err := get(base + "/evidence/checkpoint")
	if err != nil {
		return nil, err
	}
	tree, err := openCheckpoint(message, verifier)
	if err != nil {
		return nil, err
	}
	found := &counts{Size: int(tree.N)}
	for place := range message {
		changed := append([]byte(nil), message...)
		changed[place] ^= 1
		if got, err := openCheckpoint(changed, verifier); err == nil && got != tree {
			return nil, fmt.Errorf("a checkpoint changed at byte %d is accepted", place)
		}
	}
	reader := tlog.TileHashReader(tree, &tiles{base: base})
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil || root != tree.Hash {
		return nil, fmt.Errorf("the tiles give the root %v, not %v: %v", root, tree.Hash, err)
	}
	broken := tlog.TileHashReader(tree, &tiles{base, func(data []byte) { data[0] ^= 1 }})
	if _, err := broken.ReadHashes([]int64{0}); err == nil {
		return nil, fmt.Errorf("changed tiles are accepted")
	}
	found.Refused++
	if err := checkEntries(base, tree, reader, found); err != nil {
		return nil, err
	}
	if err := checkInclusion(base, tree, reader, found); err != nil {
		return nil, err
	}
	return found, checkConsistency(base, tree, reader, found)
}

func checkEntries(base string, tree tlog.Tree, reader tlog.HashReader, found *counts) error {
	for index := int64(0); index < tree.N; {
		tile := tlog.Tile{H: 8, L: 0, N: index / 256, W: 256}
		if left := tree.N - index; left < 256 {
			tile.W = int(left)
		}
		data, err := get(base + "/evidence/" + strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
		if err != nil {
			return err
		}
		indexes := make([]int64, tile.W)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, index+int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i := 0; len(data) > 0; i++ {
			length := int(binary.BigEndian.Uint16(data))
			if hashes[i] != tlog.RecordHash(data[2:2+length]) {
				return fmt.Errorf("entry %d has another hash", index)
			}
			data = data[2+length:]
			index++
			found.Entries++
		}
	}
	return nil
}

type answer struct {
	LeafHash  string `json:"leaf_hash"`
	FirstRoot string `json:"first_root"`
	Hashes    []string
}

// ask gets a proof of the node's own making.
func ask(base, query string) (proof []tlog.Hash, given answer, err error) {
	body, err := get(base + "/api/v1/evidence/proof?" + query)
	if err == nil {
		err = json.Unmarshal(body, &given)
	}
	for _, text := range given.Hashes {
		hash, bad := tlog.ParseHash(text)
		if bad != nil {
			return nil, given, bad
		}
		proof = append(proof, hash)
	}
	return proof, given, err
}

func checkInclusion(base string, tree tlog.Tree, reader tlog.HashReader, found *counts) error {
	for _, index := range []int64{0, 1, 2, 7, 254, 255, 256, 257, 511, tree.N - 1} {
		if index >= tree.N {
			continue
		}
		proof, given, err := ask(base, fmt.Sprintf("index=%d&size=%d", index, tree.N))
		if err != nil {
			return err
		}
		leaf, err := tlog.ParseHash(given.LeafHash)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			return fmt.Errorf("inclusion of %d: %v", index, err)
		}
		own, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil || fmt.Sprint(own) != fmt.Sprint(proof) {
			return fmt.Errorf("inclusion of %d: Go proves it otherwise: %v", index, err)
		}
		found.Inclusion++
		for i := range proof {
			proof[i][i%tlog.HashSize] ^= 1
			if tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf) == nil {
				return fmt.Errorf("a changed inclusion proof of %d is accepted", index)
			}
			proof[i][i%tlog.HashSize] ^= 1
			found.Refused++
		}
	}
	return nil
}

func checkConsistency(base string, tree tlog.Tree, reader tlog.HashReader, found *counts) error {
	for _, first := range []int64{1, 2, 3, 127, 128, 255, 256, 257, 512, tree.N - 1, tree.N} {
		if first > tree.N {
			continue
		}
		proof, given, err := ask(base, fmt.Sprintf("first=%d&second=%d", first, tree.N))
		if err != nil {
			return err
		}
		raw, err := base64.StdEncoding.DecodeString(given.FirstRoot)
		if err != nil {
			return err
		}
		var root tlog.Hash
		copy(root[:], raw)
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, first, root); err != nil {
			return fmt.Errorf("consistency of %d: %v", first, err)
		}
		own, err := tlog.ProveTree(tree.N, first, reader)
		if err != nil || fmt.Sprint(own) != fmt.Sprint(proof) {
			return fmt.Errorf("consistency of %d: Go proves it otherwise: %v", first, err)
		}
		found.Consistency++
		for i := range proof {
			proof[i][i%tlog.HashSize] ^= 1
			if tlog.CheckTree(proof, tree.N, tree.Hash, first, root) == nil {
				return fmt.Errorf("a changed consistency proof of %d is accepted", first)
			}
			proof[i][i%tlog.HashSize] ^= 1
			found.Refused++
		}
	}
	return nil
}
