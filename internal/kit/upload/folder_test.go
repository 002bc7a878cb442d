// SPDX-License-Identifier: EUPL-1.2

package upload_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

func folder(t *testing.T) (*upload.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := upload.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	m.Set(0, 0, color.RGBA{R: 200, A: 255})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKeep(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	text := "%PDF-1.7\nun accordo"
	k, err := f.Keep("file", strings.NewReader(text), upload.Documents)
	if err != nil || k.Type != "application/pdf" || k.Size != int64(len(text)) || !strings.HasSuffix(k.Name, ".pdf") {
		t.Fatalf("%+v, %v", k, err)
	}
	if got, err := f.Read(k); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(dir, k.Name)); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the file: %v, %v", info, err)
	}
	if err := os.WriteFile(filepath.Join(dir, k.Name), []byte("%PDF-1.7\nun altro"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(k); err == nil {
		t.Error("an exchanged file was read as if it were the one that was kept")
	}
	if err := f.Remove(k); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestNothingOutsideIsOpened(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "secret.key"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret.key", "/etc/passwd", "", ".", "..", "a/b.pdf"} {
		if _, err := f.Read(upload.Kept{Name: name}); err == nil {
			t.Errorf("%q was opened", name)
		}
		if err := f.Remove(upload.Kept{Name: name}); err == nil {
			t.Errorf("%q was removed", name)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	jpg := photo(t, 8, 8)
	for name, c := range map[string]struct {
		content []byte
		accept  upload.Accept
		want    fault.Kind
	}{
		"a page called a document":  {[]byte("<html><script>"), upload.Documents, fault.KindUnsupported},
		"a picture for a document":  {jpg, upload.Documents, fault.KindUnsupported},
		"nothing":                   {nil, upload.Documents, fault.KindUnsupported},
		"too many bytes":            {append([]byte("%PDF-"), make([]byte, 64)...), upload.Accept{Bytes: 32}, fault.KindTooLarge},
		"a document for a picture":  {[]byte("%PDF-1.7"), upload.Pictures, fault.KindUnsupported},
		"SVG, which can hold code":  {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), upload.Pictures, fault.KindUnsupported},
		"a picture cut in the half": {jpg[:len(jpg)/2], upload.Pictures, fault.KindUnsupported},
		"too many pixels":           {photo(t, 100, 100), upload.Accept{Bytes: 1 << 20, Pixels: 9_999}, fault.KindTooLarge},
	} {
		if _, err := f.Keep("file", bytes.NewReader(c.content), c.accept); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("what was refused left %v, %v", left, err)
	}
}

func TestPicturesAreWrittenAnew(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	// A comment with a script in it, as a JPEG may carry (segment FF FE).
	jpg := photo(t, 8, 8)
	note := []byte("<script>alert(1)</script>")
	content := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(note) + 2)}, note...)
	content = append(content, jpg[2:]...)
	k, err := f.Keep("logo", bytes.NewReader(content), upload.Pictures)
	if err != nil || k.Type != "image/png" {
		t.Fatalf("%+v, %v", k, err)
	}
	got, err := f.Read(k)
	if err != nil || bytes.Contains(got, note) {
		t.Errorf("the comment is still there: %v", err)
	}
	if m, format, err := image.Decode(bytes.NewReader(got)); err != nil || format != "png" || m.Bounds().Dx() != 8 {
		t.Errorf("%s, %v", format, err)
	}
}

func TestSignedEnvelope(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	k, err := f.Keep("file", bytes.NewReader(append([]byte{0x30, 0x82, 0x10, 0x00, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}, "rest"...)), upload.Documents)
	if err != nil || k.Type != "application/pkcs7-mime" || !strings.HasSuffix(k.Name, ".p7m") {
		t.Errorf("%+v, %v", k, err)
	}
}
