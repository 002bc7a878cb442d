// SPDX-License-Identifier: EUPL-1.2

package upload

import (
	"bytes"
	"image"
	_ "image/gif" // read, and written anew as PNG
	"image/jpeg"
	"image/png"

	"approdo/internal/kit/fault"
)

// Accept is what may be kept somewhere.
type Accept struct {
	Bytes  int64
	Pixels int  // of a picture; 0 accepts documents alone
	Papers bool // documents beside pictures, and photographs stay JPEG: papers as people have them on a telephone
}

// Documents are signed papers: PDF (ISO 32000), also inside a CAdES envelope (.p7m, ETSI EN 319
// 122), which is how most Italian offices sign.
var Documents = Accept{Bytes: 10 << 20}

// Pictures are logos and emblems.
var Pictures = Accept{Bytes: 2 << 20, Pixels: 4_000_000}

type kind struct{ ending, media string }

var (
	pdf      = kind{".pdf", "application/pdf"}
	envelope = kind{".p7m", "application/pkcs7-mime"}
	picture  = kind{".png", "image/png"}
	photo    = kind{".jpg", "image/jpeg"}
)

// signedData is the object identifier 1.2.840.113549.1.7.2 as DER writes it: what a CAdES envelope
// says that it is (RFC 5652).
var signedData = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// read tells what a file is, and gives what is to be kept of it.
func (a Accept) read(field string, content []byte) ([]byte, kind, error) {
	switch {
	case a.Pixels > 0 && !a.Papers:
		return a.readPicture(field, content)
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return content, pdf, nil
	case len(content) > 0 && content[0] == 0x30 && bytes.Contains(content[:min(len(content), 32)], signedData):
		return content, envelope, nil
	case a.Papers:
		return a.readPicture(field, content)
	}
	return nil, kind{}, fault.Unsupported(field, "upload.not_a_document")
}

func (a Accept) readPicture(field string, content []byte) ([]byte, kind, error) {
	// The size is read first: a small file can unfold into a picture that fills the memory.
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, kind{}, fault.Unsupported(field, "upload.not_a_picture").Because(err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > a.Pixels/config.Height {
		return nil, kind{}, fault.TooLarge(field, "upload.too_many_pixels", "megapixels", a.Pixels/1_000_000)
	}
	decoded, format, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, kind{}, fault.Unsupported(field, "upload.not_a_picture").Because(err)
	}
	var b bytes.Buffer
	if a.Papers && format == "jpeg" { // as PNG it would be ten times as large
		if err := jpeg.Encode(&b, decoded, &jpeg.Options{Quality: 85}); err != nil {
			return nil, kind{}, err
		}
		return b.Bytes(), photo, nil
	}
	if err := png.Encode(&b, decoded); err != nil {
		return nil, kind{}, err
	}
	return b.Bytes(), picture, nil
}
