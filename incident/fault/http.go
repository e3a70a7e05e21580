package fault

import "net/http"

// Status is the table of kinds for HTTP: the status of an answer that carries
// a fault of this kind, in the API, the console and panels alike.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return http.StatusBadRequest
	case NotFound:
		return http.StatusNotFound
	case Conflict:
		return http.StatusConflict
	case Forbidden:
		return http.StatusForbidden
	case Unavailable, Unknown:
		return http.StatusServiceUnavailable
	case Rejected:
		return http.StatusUnprocessableEntity
	case Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}
