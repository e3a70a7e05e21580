package chat

// Action is a button. Pressing it sends Command as a [Request] with the
// presser as user; its rights are those of the command.
type Action struct {
	Label   string
	Command string // e.g. "take INC-142 commander"
	Seen    uint64 // goes into Request.Seen
	Style   Style
	Confirm string // asked before it is sent; empty: sent at once
	URL     string // opens a link instead; Command is empty then
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
	Name        string
	Label       string
	Hint        string
	Kind        InputKind
	Value       string // what stands there when it opens
	Choices     []Choice
	Required    bool
	MaxLength   int
	Placeholder string
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
type Choice struct{ Value, Label string }
