// SPDX-License-Identifier: EUPL-1.2

package upload_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Whatever somebody sends is refused in words, or kept under our name and read back as what it is
// said to be.
func FuzzKeep(f *testing.F) {
	picture := image.NewRGBA(image.Rect(0, 0, 3, 2))
	picture.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{{}, b.Bytes(), b.Bytes()[:20], []byte("%PDF-1.7\n%%EOF"), []byte("<svg onload=x>"), []byte("GIF89a"), {0x30, 0x80, 6, 9}} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	folder, err := upload.Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, asPicture bool) {
		accept := upload.Documents
		if asPicture {
			accept = upload.Pictures
		}
		kept, err := folder.Keep("file", bytes.NewReader(data), accept)
		if err != nil {
			if !fault.Is(err, fault.KindUnsupported) && !fault.Is(err, fault.KindTooLarge) && !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%v", err)
			}
			return
		}
		back, err := folder.Read(kept)
		if err != nil || int64(len(back)) != kept.Size {
			t.Errorf("%+v: %v", kept, err)
		}
		if asPicture {
			if _, _, err := image.Decode(bytes.NewReader(back)); err != nil {
				t.Errorf("a picture that is none: %v", err)
			}
		}
		if err := folder.Remove(kept); err != nil {
			t.Error(err)
		}
	})
}
