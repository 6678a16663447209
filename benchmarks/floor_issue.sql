-- The floor of an issue with push: the bare rows, a statement per table, all in one transaction; nothing is checked, everything is known.
UPDATE approvals_decision SET state = 'issued', issued_at = %(at)s, issued_by_id = %(head)s, content_hash = %(content_hash)s,
    search_text = %(search_text)s
WHERE id = %(decision)s AND state = 'submitted'
-- then the journal of the decision
INSERT INTO journal_entry (county_id, verb, actor_id, actor_name, organ_id, client, rule, article, subject_type, subject_id, after, reason,
                           effective_at)
VALUES (%(county)s, 'decision.issue', %(head)s, %(head_name)s, %(bureau)s, 'web', '', '', 'approvals.decision', %(decision)s,
        jsonb_build_object('document_number', %(number)s, 'sha256', %(content_hash)s, 'intake', 'live', 'state', 'issued'), '', %(at)s)
-- then the pushes
INSERT INTO pushes_push (county_id, kind, sender_id, receiver_id, payload_type_id, payload_id, rulebook_id, title, matter, mode, party_name,
                         document_number, version, snapshot_hash, state, pushed_at, pushed_by_id, returns)
SELECT %(county)s, 'decision', %(bureau)s, r.organ, %(decision_type)s, %(decision)s, %(rulebook)s, %(title)s, r.matter, r.mode,
       %(party_name)s, %(number)s, 1, %(sha256)s, 'waiting', %(at)s, %(head)s, 0
FROM unnest(%(organs)s, %(matters)s, %(modes)s) AS r(organ, matter, mode)
RETURNING id
-- then what was told
INSERT INTO pushes_pushversion (push_id, number, snapshot, sha256, told_at, cause)
SELECT id, 1, %(snapshot)s, %(sha256)s, %(at)s, '' FROM unnest(%(pushes)s) AS p(id)
-- then the clocks
INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
                                provisional, state, next_rung_at)
SELECT %(county)s, %(term)s, r.organ, %(push_type)s, r.id, %(at)s, %(day_zero)s, %(last_day)s, %(due_at)s, false, 'running', %(rung)s
FROM unnest(%(pushes)s, %(organs)s) AS r(id, organ)
-- then the bureau's own clocks: delivery and publication
INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
                                provisional, state, next_rung_at)
SELECT %(county)s, r.term, %(bureau)s, %(decision_type)s, %(decision)s, %(at)s, r.day_zero, r.last_day, r.due_at, false, 'running', r.rung
FROM unnest(%(duty_terms)s, %(duty_zeros)s::date[], %(duty_lasts)s::date[], %(duty_dues)s::timestamptz[], %(duty_rungs)s::timestamptz[])
     AS r(term, day_zero, last_day, due_at, rung)
-- then their journal
INSERT INTO journal_entry (county_id, verb, actor_id, actor_name, organ_id, client, rule, article, subject_type, subject_id, after, reason,
                           effective_at)
SELECT %(county)s, 'push.send', %(head)s, %(head_name)s, %(bureau)s, 'web', '', '', 'pushes.push', r.id,
       jsonb_build_object('kind', 'decision', 'receiver', r.organ, 'sha256', %(sha256)s, 'previous', NULL), '', %(at)s
FROM unnest(%(pushes)s, %(organs)s) AS r(id, organ)
-- then the notices
INSERT INTO notices_notice (user_id, county_id, organ_id, subject_id, params, effective_at, kind, subject_type_id)
SELECT r.officer, %(county)s, r.organ, r.id,
       jsonb_build_object('title', %(title)s, 'document_number', %(number)s, 'sender', %(bureau_name)s), %(at)s, 'push_received', %(push_type)s
FROM unnest(%(pushes)s, %(organs)s, %(told)s) AS r(id, organ, officer)
