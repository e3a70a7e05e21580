package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func x(n int) string { return strings.Repeat("x", n) }

func many(n int, one string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(one, "%", fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

func plainText(s string) string { return `{"type":"plain_text","text":"` + s + `"}` }

func button(more string) string { return `{"type":"button","text":` + plainText("Go") + more + `}` }

func TestBlocks(t *testing.T) {
	t.Parallel()
	option := `{"text":` + plainText("o%") + `,"value":"v%"}`
	section := func(more string) string { return `{"type":"section","text":` + plainText("s") + more + `}` }
	for name, tt := range map[string]struct{ good, bad, says string }{
		"how many blocks":       {many(50, `{"type":"divider"}`), many(51, `{"type":"divider"}`), "no more than 50"},
		"an unknown block":      {`{"type":"divider"}`, `{"type":"alert"}`, "unsupported type: alert"},
		"a field nobody knows":  {`{"type":"divider","block_id":"d"}`, `{"type":"divider","colour":"red"}`, "colour"},
		"the text of a section": {`{"type":"section","text":` + plainText(x(3000)) + `}`, `{"type":"section","text":` + plainText(x(3001)) + `}`, "less than 3001"},
		"characters, not bytes": {`{"type":"section","text":` + plainText(strings.Repeat("é", 3000)) + `}`, `{"type":"section","text":` + plainText(strings.Repeat("é", 3001)) + `}`, "3001"},
		"no words at all":       {section(""), `{"type":"section","text":` + plainText("") + `}`, "more than 0"},
		"a section of nothing":  {section(""), `{"type":"section"}`, "text or fields"},
		"fields": {
			`{"type":"section","fields":[` + many(10, plainText(x(1))) + `]}`,
			`{"type":"section","fields":[` + many(11, plainText(x(1))) + `]}`, "no more than 10",
		},
		"the length of a field": {`{"type":"section","fields":[` + plainText(x(2000)) + `]}`, `{"type":"section","fields":[` + plainText(x(2001)) + `]}`, "2001"},
		"a header":              {`{"type":"header","text":` + plainText(x(150)) + `}`, `{"type":"header","text":` + plainText(x(151)) + `}`, "151"},
		"markup in a header":    {`{"type":"header","text":` + plainText("h") + `}`, `{"type":"header","text":{"type":"mrkdwn","text":"h"}}`, "plain_text"},
		"a context": {
			`{"type":"context","elements":[` + many(10, plainText("c")) + `]}`,
			`{"type":"context","elements":[` + many(11, plainText("c")) + `]}`, "no more than 10",
		},
		"a button in a context": {`{"type":"context","elements":[` + plainText("c") + `]}`, `{"type":"context","elements":[` + button("") + `]}`, "unsupported type: button"},
		"an empty context":      {`{"type":"context","elements":[` + plainText("c") + `]}`, `{"type":"context","elements":[]}`, "no less than 1"},
		"how many actions": {
			`{"type":"actions","elements":[` + many(25, button("")) + `]}`,
			`{"type":"actions","elements":[` + many(26, button("")) + `]}`, "no more than 25",
		},
		"a button's label": {
			`{"type":"actions","elements":[{"type":"button","text":` + plainText(x(75)) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","text":` + plainText(x(76)) + `}]}`, "76",
		},
		"a button's value": {section(`,"accessory":` + button(`,"value":"`+x(2000)+`"`)), section(`,"accessory":` + button(`,"value":"`+x(2001)+`"`)), "2001"},
		"a button's link":  {section(`,"accessory":` + button(`,"url":"https://a.example"`)), section(`,"accessory":` + button(`,"url":"`+x(3001)+`"`)), "3001"},
		"a button's style": {section(`,"accessory":` + button(`,"style":"danger"`)), section(`,"accessory":` + button(`,"style":"default"`)), "primary"},
		"a button's id":    {section(`,"accessory":` + button(`,"action_id":"`+x(255)+`"`)), section(`,"accessory":` + button(`,"action_id":"`+x(256)+`"`)), "256"},
		"two of one id": {
			`{"type":"actions","elements":[` + button(`,"action_id":"a"`) + "," + button(`,"action_id":"b"`) + `]}`,
			`{"type":"actions","elements":[` + button(`,"action_id":"a"`) + "," + button(`,"action_id":"a"`) + `]}`, "already exists",
		},
		"two blocks of one id": {
			`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`,
			`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`, "already exists",
		},
		"a question": {
			section(`,"accessory":` + button(`,"confirm":{"title":`+plainText("t")+`,"text":`+plainText(x(300))+`,"confirm":`+plainText("Yes")+`,"deny":`+plainText("No")+`}`)),
			section(`,"accessory":` + button(`,"confirm":{"title":`+plainText("t")+`,"text":`+plainText(x(301))+`,"confirm":`+plainText("Yes")+`,"deny":`+plainText("No")+`}`)), "301",
		},
		"a question without an answer": {
			section(""), section(`,"accessory":` + button(`,"confirm":{"title":`+plainText("t")+`,"text":`+plainText("x")+`,"confirm":`+plainText("Yes")+`}`)), "deny",
		},
		"a select": {
			section(`,"accessory":{"type":"static_select","placeholder":` + plainText("p") + `,"options":[` + many(100, option) + `]}`),
			section(`,"accessory":{"type":"static_select","options":[` + many(101, option) + `]}`), "no more than 100",
		},
		"a choice that is none": {
			section(`,"accessory":{"type":"static_select","options":[` + many(2, option) + `],"initial_option":` + strings.ReplaceAll(option, "%", "1") + `}`),
			section(`,"accessory":{"type":"static_select","options":[` + many(2, option) + `],"initial_option":` + strings.ReplaceAll(option, "%", "7") + `}`), "not one of the options",
		},
		"a select of nothing": {section(""), section(`,"accessory":{"type":"static_select"}`), "options"},
		"an overflow": {
			section(`,"accessory":{"type":"overflow","options":[` + many(5, option) + `]}`),
			section(`,"accessory":{"type":"overflow","options":[` + many(6, option) + `]}`), "no more than 5",
		},
		"an image":              {`{"type":"image","image_url":"https://a.example/x.png","alt_text":"a"}`, `{"type":"image","image_url":"https://a.example/x.png"}`, "alt_text"},
		"an image from nowhere": {`{"type":"image","image_url":"https://a.example/x.png","alt_text":"a"}`, `{"type":"image","alt_text":"a"}`, "image_url"},
		"emoji in markup":       {`{"type":"section","text":{"type":"plain_text","text":"x","emoji":true}}`, `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, "emoji"},
		"verbatim in plain":     {`{"type":"section","text":{"type":"mrkdwn","text":"x","verbatim":true}}`, `{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}`, "verbatim"},
		"rich text": {
			`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}}]}]}]}`,
			`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"stars","elements":[{"type":"rich_text_section","elements":[]}]}]}`, "bullet",
		},
		"empty rich text": {
			`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://a.example"}]}]}`,
			`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}`, "more than 0",
		},
		"rich text of another kind": {
			`{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"broadcast","range":"here"}]},{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}]}`,
			`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"shout","text":"x"}]}]}`, "unsupported type: shout",
		},
		"two tables": {`{"type":"table","rows":[[]]}`, `{"type":"table","rows":[[]]},{"type":"table","rows":[[]]}`, "only one table"},
		"markdown":   {`{"type":"markdown","text":"**x**"}`, `{"type":"markdown","text":"` + x(12_001) + `"}`, "12001"},
		"all together": {
			many(4, `{"type":"section","text":`+plainText(x(3000))+`}`),
			many(5, `{"type":"section","text":`+plainText(x(2500))+`}`), "12500 characters",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if wrong := slacktest.WrongBlocks([]byte("[" + tt.good + "]")); len(wrong) != 0 {
				t.Errorf("what is good is refused: %.300q", wrong)
			}
			if wrong := slacktest.WrongBlocks([]byte("[" + tt.bad + "]")); !strings.Contains(fmt.Sprint(wrong), tt.says) {
				t.Errorf("what is bad got %.300q, want something with %q", wrong, tt.says)
			}
		})
	}
}

func TestBrokenBlocksAreRefusedByEveryDoor(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	ts := s.post("x")
	bad, long := `[{"type":"section"}]`, `[`+many(5, `{"type":"section","text":`+plainText(x(2500))+`}`)+`]`
	out := s.refused("invalid_blocks", "chat.postMessage", "channel", s.room, "blocks", bad)
	if m := fmt.Sprint(dig(t, out, "response_metadata", "messages", 0)); !strings.Contains(m, "/blocks/0") {
		t.Errorf("it does not say where: %q", m)
	}
	s.refused("invalid_blocks", "chat.postMessage", "channel", s.room, "text", "x", "attachments", `[{"color":"#f00","blocks":`+bad+`}]`)
	s.refused("invalid_blocks", "chat.update", "channel", s.room, "ts", ts, "blocks", bad)
	s.refused("invalid_blocks", "chat.postEphemeral", "channel", s.room, "user", s.ann, "blocks", bad)
	s.refused("invalid_blocks_format", "chat.postMessage", "channel", s.room, "blocks", "nonsense")
	s.refused("msg_blocks_too_long", "chat.postMessage", "channel", s.room, "blocks", long)
	s.refused("msg_too_long", "chat.update", "channel", s.room, "ts", ts, "blocks", long)
	s.refused("too_many_attachments", "chat.postMessage", "channel", s.room, "text", "x", "attachments", `[`+many(101, `{"text":"x"}`)+`]`)
	if all := s.seen(s.ann); len(all) != 1 || all[0].Edited {
		t.Errorf("something of it is seen: %+v", all)
	}
}

func TestViewsAreChecked(t *testing.T) {
	t.Parallel()
	home := func(more string, blocks string) string {
		return `{"type":"home",` + more + `"blocks":[` + blocks + `]}`
	}
	for name, tt := range map[string]struct{ good, bad, says string }{
		"a title":         {modal(""), strings.Replace(modal(""), "Declare", x(25), 1), "25"},
		"no title":        {modal(""), `{"type":"modal","blocks":[]}`, "title"},
		"a home's title":  {home("", ""), home(`"title":`+plainText("x")+`,`, ""), "title"},
		"another type":    {home("", ""), `{"type":"page","blocks":[]}`, "neither"},
		"what it keeps":   {modal(`"private_metadata":"` + x(3000) + `",`), modal(`"private_metadata":"` + x(3001) + `",`), "3001"},
		"how many blocks": {modal("", many(100, `{"type":"divider"}`)), modal("", many(101, `{"type":"divider"}`)), "no more than 100"},
		"no way to send it": {
			`{"type":"modal","title":` + plainText("t") + `,"blocks":[{"type":"divider"}]}`,
			`{"type":"modal","title":` + plainText("t") + `,"blocks":[` + titleField + `]}`, "submit",
		},
		"a field without a label": {modal("", titleField), modal("", `{"type":"input","element":{"type":"plain_text_input"}}`), "label"},
		"a field of buttons":      {modal("", titleField), modal("", `{"type":"input","label":`+plainText("l")+`,"element":`+button("")+`}`), "unsupported type: button"},
		"a number's kind": {
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"number_input","is_decimal_allowed":true}}`),
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"number_input"}}`), "is_decimal_allowed",
		},
		"a day": {
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"datepicker","initial_date":"2026-11-26"}}`),
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"datepicker","initial_date":"tomorrow"}}`), "2006-01-02",
		},
		"a placeholder": {
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"plain_text_input","placeholder":`+plainText(x(150))+`}}`),
			modal("", `{"type":"input","label":`+plainText("l")+`,"element":{"type":"plain_text_input","placeholder":`+plainText(x(151))+`}}`), "151",
		},
		"markdown in a form": {modal("", `{"type":"divider"}`), modal("", `{"type":"markdown","text":"x"}`), "unsupported type: markdown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if wrong := slacktest.WrongView([]byte(tt.good)); len(wrong) != 0 {
				t.Errorf("what is good is refused: %.300q", wrong)
			}
			if wrong := slacktest.WrongView([]byte(tt.bad)); !strings.Contains(fmt.Sprint(wrong), tt.says) {
				t.Errorf("what is bad got %.300q, want something with %q", wrong, tt.says)
			}
		})
	}
}
