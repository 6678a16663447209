-- The floor of the sweep: one statement that writes, for the whole backlog, the rows that auto-claims leave behind.
--
-- It is allowed what the portal is not: it knows that every lapsed clock is a claim clock on a waiting push without a liaison of its own,
-- that tasks come with the claim, that nobody has asked for notices outside the portal, and it finds the follow-up dates counted in a
-- table (first_action_dates). It takes everything in one transaction and passes over nobody's locks.
WITH lapsed AS MATERIALIZED (
    SELECT d.id, d.subject_id, d.due_at, d.last_day, d.organ_id, d.county_id, r.key AS rule, t.article
    FROM deadlines_deadline d
    JOIN deadlines_term t ON t.id = d.term_id AND t.effect = 'auto_claim'
    JOIN deadlines_rulebook r ON r.id = t.rulebook_id
    WHERE d.state = 'running' AND NOT d.provisional AND d.due_at <= %(now)s::timestamptz - interval '10 seconds'
),
ended AS (
    UPDATE deadlines_deadline d SET state = 'expired', settled_at = d.due_at, recorded_at = %(now)s, next_rung_at = NULL, parked_at = NULL
    FROM lapsed x WHERE d.id = x.id
),
officer AS (
    SELECT DISTINCT ON (l.organ_id) l.organ_id, l.user_id FROM organizations_liaison l
    WHERE l.section_id IS NULL AND l.kind = 'officer' ORDER BY l.organ_id, l."order", l.id
),
claimed AS (
    UPDATE pushes_push p SET state = 'auto_claimed', claimed_at = x.due_at, recorded_at = %(now)s, liaison_id = o.user_id
    FROM lapsed x JOIN officer o USING (organ_id) WHERE p.id = x.subject_id AND p.state = 'waiting'
    RETURNING p.id, p.county_id, p.receiver_id, p.rulebook_id, p.liaison_id, p.title, p.document_number, x.due_at, x.last_day, x.rule, x.article
),
opened AS (
    INSERT INTO supervision_task (county_id, organ_id, push_id, rulebook_id, state, assignee_id, opened_at, first_action, approval_note,
                                  plan_line, outcome, result_text)
    SELECT county_id, receiver_id, id, rulebook_id, 'open', liaison_id, due_at, '', '', '', '', '' FROM claimed
    RETURNING id, county_id, organ_id, rulebook_id, opened_at
),
started AS (
    INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
                                    provisional, state, next_rung_at)
    SELECT o.county_id, t.id, o.organ_id, c.id, o.id, o.opened_at, m.day_zero, m.last_day, m.due_at, m.provisional, 'running', m.rung
    FROM opened o
    JOIN deadlines_term t ON t.rulebook_id = o.rulebook_id AND t.key = 'first_action'
    JOIN django_content_type c ON c.app_label = 'supervision' AND c.model = 'task'
    -- A claim by the clock falls at 24:00 and belongs to the day that ends.
    JOIN first_action_dates m ON m.day_zero = ((o.opened_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date
),
noted AS (
    INSERT INTO journal_entry (county_id, organ_id, rule, article, subject_id, before, after, effective_at, verb, subject_type, client,
                               actor_name, reason)
    SELECT county_id, receiver_id, rule, article, id, '{"state": "waiting"}'::jsonb,
           jsonb_build_object('state', 'auto_claimed', 'liaison', liaison_id), due_at, 'push.auto_claim', 'pushes.push', 'rule', '系统', ''
    FROM claimed
)
INSERT INTO notices_notice (user_id, county_id, organ_id, subject_id, params, effective_at, kind, subject_type_id)
SELECT l.user_id, p.county_id, p.receiver_id, p.id,
       jsonb_build_object('title', p.title, 'document_number', p.document_number, 'article', p.article, 'last_day', p.last_day), p.due_at,
       'push_auto_claimed', (SELECT id FROM django_content_type WHERE app_label = 'pushes' AND model = 'push')
FROM claimed p JOIN organizations_liaison l ON l.organ_id = p.receiver_id AND l.section_id IS NULL;
