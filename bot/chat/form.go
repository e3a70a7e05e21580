package chat

// Action is a button. Pressing it sends Command as a [Request] with the
// presser as user; its rights are those of the command.
type Action struct {
	Label   string `json:"label"`
	Command string `json:"command,omitempty"` // e.g. "take INC-142 commander"
	Seen    uint64 `json:"seen,omitempty"`    // goes into Request.Seen
	Style   Style  `json:"style,omitempty"`
	Confirm string `json:"confirm,omitempty"` // asked before it is sent; empty: sent at once
	URL     string `json:"url,omitempty"`     // opens a link instead; Command is empty then
}

// Style is how loud a button is.
type Style string

// The styles.
const (
	Normal  Style = ""
	Primary Style = "primary"
	Danger  Style = "danger"
)

// Form asks for several values at once. Submitting it sends Command as a
// [Request] with the values in Form.
type Form struct {
	Title   string
	Intro   []Span
	Fields  []Input
	Submit  string // label of the button
	Command string
	Seen    uint64
}

// Input is one field of a form.
type Input struct {
	Name        string    `json:"name"`
	Label       string    `json:"label,omitempty"`
	Hint        string    `json:"hint,omitempty"`
	Kind        InputKind `json:"kind,omitempty"`
	Value       string    `json:"value,omitempty"` // what stands there when it opens
	Choices     []Choice  `json:"choices,omitempty"`
	Required    bool      `json:"required,omitempty"`
	MaxLength   int       `json:"max_length,omitempty"`
	Placeholder string    `json:"placeholder,omitempty"`
}

// InputKind is what a field of a form takes.
type InputKind string

// The kinds of field.
const (
	Line    InputKind = "line"
	Area    InputKind = "area"
	Select  InputKind = "select"
	Person  InputKind = "person"
	Checked InputKind = "checked" // "yes" or ""
)

// Choice is one value of a select.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
}
