// SPDX-License-Identifier: EUPL-1.2

package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"approdo/internal/kit/fault"
)

func badQuery(err error) error { return fault.Invalid("", "openapi.bad_query").Because(err) }

// addBody adds the parameters in the body of a POST. No body, or one of no stated type that is
// empty, adds nothing.
func addBody(r *http.Request, values url.Values) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return badQuery(err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(text))
		if err != nil {
			return badQuery(err)
		}
		for name, list := range form {
			values[name] = append(values[name], list...)
		}
		return nil
	case err == nil && kind == "application/json":
		return addObject(text, values)
	}
	return fault.Unsupported("", "openapi.bad_body")
}

// addObject reads {"name": value} where a value is a text, a number, a boolean, or a list of them.
func addObject(text []byte, values url.Values) error {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil {
		return badQuery(err)
	}
	for name, value := range object {
		list, many := value.([]any)
		if !many {
			list = []any{value}
		}
		for _, v := range list {
			switch v := v.(type) {
			case nil:
			case string, json.Number, bool:
				values.Add(name, fmt.Sprint(v))
			default:
				return fault.Invalid(name, "openapi.bad_query")
			}
		}
	}
	return nil
}
