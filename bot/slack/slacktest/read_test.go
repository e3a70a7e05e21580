package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func TestMarkupIsReadAsPeopleDo(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	group := s.AddGroup(slacktest.Group{Handle: "oncall"}).ID
	for _, tt := range []struct{ markup, read, links, pinged string }{
		{"plain words", "plain words", "", ""},
		{"*bold* _slanted_ ~gone~ `code`", "bold slanted gone code", "", ""},
		{"2*3*4 snake_case_name a * b * c", "2*3*4 snake_case_name a * b * c", "", ""},
		{"*_both_*, (*in brackets*)", "both, (in brackets)", "", ""},
		{"*not\nbold*", "*not\nbold*", "", ""},
		{"a `*kept*` and ```\n_kept_ <x\n```", "a *kept* and _kept_ <x", "", ""},
		{"a lone ` and a lone *", "a lone ` and a lone *", "", ""},
		{"&lt;b&gt; &amp;amp; &copy;", "<b> &amp; &copy;", "", ""},
		{"&lt;!channel&gt; &lt;@" + s.ann + "&gt; @everyone", "<!channel> <@" + s.ann + "> @everyone", "", ""},
		{"<@" + s.ann + "> and <@" + s.bo + "|bo>", "@Ann and @Bo", "", s.ann + " " + s.bo},
		{"<@U404>", "<@U404>", "", ""},
		{"<!here> <!channel> <!everyone>", "@here @channel @everyone", "", "everyone"},
		{"<!subteam^" + group + "|@oncall>", "@oncall", "", group},
		{"<#" + s.room + "> <#C404|lost>", "#ops #lost", "", ""},
		{"<https://a.example/?x=1&amp;y=2|here> <https://b.example>", "here https://b.example", "https://a.example/?x=1&y=2 https://b.example", ""},
		{"see https://c.example now", "see https://c.example now", "https://c.example", ""},
		{"<javascript:alert(1)|safe>", "<javascript:alert(1)|safe>", "", ""},
		{"<https://a.example|a &lt;b&gt;>", "a <b>", "https://a.example", ""},
		{"<!date^1764122400^{date_num} {time}|then>", "2025-11-26 03:00", "", ""},
		{"<!date^soon^{time}|then>", "then", "", ""},
		{"> quoted\n&gt; twice\na > b", "quoted\ntwice\na > b", "", ""},
		{"broken <@" + s.ann + " and <", "broken <@" + s.ann + " and <", "", ""},
		{"zero\u200bwidth", "zerowidth", "", ""},
		{"```<@" + s.bo + ">```", "@Bo", "", s.bo},
	} {
		s.post(tt.markup)
		got := s.newest(s.ann)
		if got.Text != tt.read {
			t.Errorf("%q reads %q, want %q", tt.markup, got.Text, tt.read)
		}
		if strings.Join(got.Links, " ") != tt.links {
			t.Errorf("%q leads to %q, want %q", tt.markup, got.Links, tt.links)
		}
		if strings.Join(got.Pinged, " ") != tt.pinged {
			t.Errorf("%q notifies %q, want %q", tt.markup, got.Pinged, tt.pinged)
		}
	}
}

func TestBlocksAreReadAsPeopleDo(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})

	rich := `[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[{"type":"text","text":"*stars* stay, "},{"type":"user","user_id":"` + s.bo + `"},
			{"type":"text","text":" "},{"type":"link","url":"https://a.example","text":"there"},{"type":"emoji","name":"fire"},
			{"type":"channel","channel_id":"` + s.room + `"},{"type":"date","timestamp":1764122400,"format":" {time}"}]},
		{"type":"rich_text_list","style":"bullet","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},
			{"type":"rich_text_section","elements":[{"type":"broadcast","range":"channel"}]}]},
		{"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]}]}]`
	s.post("", "blocks", rich)
	got := s.newest(s.ann)
	if want := "*stars* stay, @Bo there:fire:#ops 03:00\n• one\n• @channel\nsaid"; got.Text != want {
		t.Errorf("it reads %q, want %q", got.Text, want)
	}
	if fmt.Sprint(got.Pinged) != "["+s.bo+" everyone]" || got.Links[0] != "https://a.example" {
		t.Errorf("it notifies %q and leads to %q", got.Pinged, got.Links)
	}

	s.post("", "blocks", `[
		{"type":"header","text":{"type":"plain_text","text":"*Title*"}},{"type":"divider"},
		{"type":"section","text":{"type":"mrkdwn","text":"*bold*"},"fields":[{"type":"mrkdwn","text":"*Label*\nvalue"}],
			"accessory":{"type":"button","text":{"type":"plain_text","text":"Press"},"url":"https://b.example"}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"small"},{"type":"image","image_url":"https://a.example/i.png","alt_text":"a face"}]},
		{"type":"image","image_url":"https://a.example/i.png","alt_text":"a chart","title":{"type":"plain_text","text":"Chart"}},
		{"type":"markdown","text":"marked"}]`)
	got = s.newest(s.ann)
	if want := "*Title*\nbold\nLabel\nvalue\nPress\nsmall a face\nChart\na chart\nmarked"; got.Text != want {
		t.Errorf("it reads %q, want %q", got.Text, want)
	}
	if len(got.Buttons) != 1 || got.Links[0] != "https://b.example" {
		t.Errorf("its buttons are %q, its links %q", got.Buttons, got.Links)
	}
}

func TestWhatStandsWhere(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"body"}}]`

	s.post("fallback <!channel> <https://a.example>", "blocks", blocks)
	if got := s.newest(s.ann); got.Text != "body" || fmt.Sprint(got.Pinged) != "[everyone]" || len(got.Links) != 0 {
		t.Errorf("under blocks the text is read as %+v", got)
	}
	s.post("above", "attachments", `[{"color":"#ff0000","fallback":"hidden","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"in the bar <@`+s.bo+`>"}}]}]`)
	if got := s.newest(s.ann); got.Text != "above\nin the bar @Bo" || got.Color != "#ff0000" || len(got.Pinged) != 0 {
		t.Errorf("with an attachment it is read as %+v", got)
	}
}
