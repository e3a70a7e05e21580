package incident

// Summary is the row that lists and look-ups read.
func (i Incident) Summary() Summary {
	s := Summary{
		ID: i.ID, Head: i.Head, Number: i.Number, Title: i.Title, Severity: i.Severity, Status: i.Status,
		Private: i.Private, Drill: i.Drill, RecordOnly: i.RecordOnly, Declarer: i.Declarer, Rooms: i.Rooms,
		DeclaredAt: i.DeclaredAt, EndedAt: i.EndedAt, NextUpdate: i.NextUpdate, UpdatedAt: i.UpdatedAt,
		Touched: i.Touched, MergedInto: i.MergedInto,
	}
	for _, svc := range i.Services {
		s.Services = append(s.Services, svc.Name)
	}
	if h, ok := i.Holder(Commander); ok {
		s.Commander, s.Acting = h.Person, h.Acting
	}
	if i.Private {
		s.Members = i.knowers()
	}
	return s
}
