package practice

import "hash/fnv"

// somebody is an invented person. Their numbers and addresses reach nobody.
type somebody struct{ name, email, phone string }

type team struct {
	name   string
	levels []somebody
}

func teams() []team {
	return []team{
		{"checkout", []somebody{
			{"Mara Voss", "mara@example.com", "+1 555 0101"},
			{"Idris Kane", "idris@example.com", "+1 555 0102"},
			{"Helen Brandt", "helen@example.com", "+1 555 0103"},
		}},
		{"platform", []somebody{
			{"Juno Park", "juno@example.com", "+1 555 0111"},
			{"Tomas Reyes", "tomas@example.com", "+1 555 0112"},
		}},
		{"data", []somebody{
			{"Lena Okafor", "lena@example.com", "+1 555 0121"},
			{"Ravi Menon", "ravi@example.com", "+1 555 0122"},
		}},
	}
}

// Teams names the teams that the practice pager has people for.
func Teams() []string {
	var names []string
	for _, t := range teams() {
		names = append(names, t.name)
	}
	return names
}

// rota is who is on call for a target, level by level. A target that is none
// of its teams gets one of their rotas, always the same, so that a drill can
// page any team.
func rota(target string) []somebody {
	all := teams()
	for _, t := range all {
		if t.name == target {
			return t.levels
		}
	}
	h := fnv.New32a()
	h.Write([]byte(target))
	return all[h.Sum32()%uint32(len(all))].levels
}
