package console

import (
	"io"

	g "maragu.dev/gomponents"
)

// icon is what is inside one small picture, as SVG: the only markup of the
// console that is written as it is. Every one stands in this file.
type icon string

const (
	iconBell   icon = `<path d="M6 9a6 6 0 0 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9Z"/><path d="M10 20a2.2 2.2 0 0 0 4 0"/>`
	iconClose  icon = `<path d="m6 6 12 12M18 6 6 18"/>`
	iconSmile  icon = `<circle cx="12" cy="12" r="9"/><path d="M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01"/>`
	iconThread icon = `<path d="M4 5h16v11H9l-5 4Z"/>`
	iconPin    icon = `<path d="M9 3h6l-1 6 4 4v2H6v-2l4-4Z"/><path d="M12 15v6"/>`
	iconEdit   icon = `<path d="M4 20h4L19 9l-4-4L4 16Z"/>`
	iconTrash  icon = `<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>`
	iconEye    icon = `<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="2.6"/>`
	iconLock   icon = `<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`
	iconMenu   icon = `<path d="M4 7h16M4 12h16M4 17h16"/>`
	iconPanel  icon = `<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M14.5 4.5v15"/>`
	iconPeople icon = `<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5.5a3.2 3.2 0 0 1 0 6M18 14.5c2 .8 3.2 2.6 3.5 5.5"/>`
	iconSend   icon = `<path d="M4 12 20 4l-5 16-3.5-6.5Z"/>`
	iconSearch icon = `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`
	iconUpDown icon = `<path d="m8 10 4-4 4 4M8 14l4 4 4-4"/>`
	iconDown   icon = `<path d="M12 5v14M6 13l6 6 6-6"/>`
	iconOut    icon = `<path d="M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9"/>`
)

// Render implements [g.Node].
func (i icon) Render(w io.Writer) error {
	return g.Raw(`<svg class="i" viewBox="0 0 24 24" aria-hidden="true">` + string(i) + `</svg>`).Render(w)
}
