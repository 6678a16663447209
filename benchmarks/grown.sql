-- Years of pushes: for each of the receiving departments the same number of open clocks, everything else closed. Drawn by a hash.
-- Moments are drawn once per push into a plain table, so that the rows below agree with one another.
CREATE TABLE drawn AS
WITH e AS (
    SELECT (SELECT array_agg(id ORDER BY id) FROM organizations_organ WHERE kind = 'department') AS departments
),
plan AS (
    SELECT i, i <= %(open)s * %(organs)s AS is_open, i <= %(open)s * %(organs)s / 2 AS is_waiting,
           CASE WHEN i <= %(open)s * %(organs)s THEN 1 + (i %% %(organs)s)::int ELSE 1 + draw(i, 1, %(organs)s) END AS place
    FROM generate_series(1, %(size)s) i
)
SELECT i, is_open, is_waiting, e.departments[place] AS organ, draw(i, 4, 100) AS luck,
       -- What waits was pushed in the last four days, what is being worked on in the last fifty, what is closed in three years.
       ((%(today)s::date - CASE WHEN is_waiting THEN draw(i, 2, 4) WHEN is_open THEN 8 + draw(i, 2, 42) ELSE 8 + draw(i, 2, 1080) END)
           ::timestamp + interval '8 hours' + draw(i, 3, 6900) * interval '1 second') AT TIME ZONE 'Asia/Shanghai' AS pushed_at,
       interval '1 hour' + draw(i, 5, 72) * interval '1 hour' AS reaction,
       interval '1 day' + draw(i, 6, 30) * interval '1 day' AS work
FROM plan, e;
ALTER TABLE drawn ADD PRIMARY KEY (i);

-- Ids follow time, as they do where people work: what is old lies together.
CREATE TABLE lived AS
SELECT row_number() OVER (ORDER BY d.pushed_at, d.i) AS i, d.is_open, d.is_waiting, d.organ, d.pushed_at, d.work, m.day_zero, m.last_day, m.due_at,
       CASE WHEN d.is_waiting THEN NULL WHEN d.luck < 15 AND m.due_at < %(at)s THEN m.due_at
            ELSE LEAST(d.pushed_at + d.reaction, m.due_at - interval '1 minute', %(at)s::timestamptz) END AS claimed_at,
       NOT d.is_waiting AND d.luck < 15 AND m.due_at < %(at)s AS by_clock
FROM drawn d JOIN claim_dates m ON m.day_zero = (d.pushed_at AT TIME ZONE 'Asia/Shanghai')::date;
ANALYZE lived;

INSERT INTO approvals_decision (county_id, organ_id, rulebook_id, origin, intake, state, kind, handling_item_id, item_text, party_id, party_contact,
    no_contact_reason, party_address, title, document_number, certificate_name, certificate_number, content, commitment_mode, decided_on,
    findings, content_hash, search_text, drafted_by_id, drafted_at, issued_by_id, issued_at)
SELECT c.id, b.id, r.id, 'issued_here', 'live', 'issued', 'grant', h.id, '', p.id, '19000000011', '', '某镇某路 18 号', '准予行政许可决定书',
    '石行审许〔2026〕' || l.i || '号', '', '', '热食类食品制售', 'none', (l.pushed_at AT TIME ZONE 'Asia/Shanghai')::date, '[]',
    repeat('0', 64), '', clerk.id, l.pushed_at, head.id, l.pushed_at
FROM lived l, organizations_county c, organizations_organ b, deadlines_rulebook r, catalogue_handlingitem h, parties_party p,
     organizations_user clerk, organizations_user head
WHERE b.kind = 'approval_bureau' AND clerk.username = 'clerk' AND head.username = 'head' ORDER BY l.i;

INSERT INTO pushes_push (county_id, kind, sender_id, receiver_id, payload_type_id, payload_id, rulebook_id, title, matter, mode, party_name,
    document_number, version, snapshot_hash, state, pushed_at, pushed_by_id, first_read_at, claimed_at, claimed_by_id, recorded_at, liaison_id,
    returns)
SELECT c.id, 'decision', b.id, l.organ, t.id, l.i, r.id, '食品经营许可·新办', '对食品经营者的监督检查', 'K', '某餐饮管理有限公司',
    '石行审许〔2026〕' || l.i || '号', 1, repeat('0', 64),
    CASE WHEN l.is_waiting THEN 'waiting' WHEN l.by_clock THEN 'auto_claimed' ELSE 'claimed' END, l.pushed_at, head.id, l.claimed_at,
    l.claimed_at, CASE WHEN NOT l.is_waiting AND NOT l.by_clock THEN o.user_id END, l.claimed_at, o.user_id, 0
FROM lived l JOIN organizations_liaison o ON o.organ_id = l.organ AND o.kind = 'officer', organizations_county c, organizations_organ b,
     deadlines_rulebook r, django_content_type t, organizations_user head
WHERE b.kind = 'approval_bureau' AND t.app_label = 'approvals' AND t.model = 'decision' AND head.username = 'head' ORDER BY l.i;

INSERT INTO pushes_pushversion (push_id, number, snapshot, sha256, told_at, cause)
SELECT id, 1, jsonb_build_object('item_name', title, 'document_number', document_number, 'party_name', party_name, 'content', '热食类食品制售'),
    snapshot_hash, pushed_at, '' FROM pushes_push;

INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
    provisional, state, settled_at, recorded_at)
SELECT c.id, t.id, l.organ, y.id, l.i, l.pushed_at, l.day_zero, l.last_day, l.due_at, false,
    CASE WHEN l.is_waiting THEN 'running' WHEN l.by_clock THEN 'expired' ELSE 'met' END, l.claimed_at, l.claimed_at
FROM lived l, organizations_county c, deadlines_term t, django_content_type y
WHERE t.key = 'claim' AND y.app_label = 'pushes' AND y.model = 'push' ORDER BY l.i;

INSERT INTO supervision_task (county_id, organ_id, push_id, rulebook_id, state, assignee_id, opened_at, first_action, approval_note,
    plan_line, acted_at, finished_at, outcome, result_text, fed_back_at)
SELECT c.id, l.organ, l.i, r.id, CASE WHEN l.is_open THEN 'open' ELSE 'fed_back' END, o.user_id, l.claimed_at,
    CASE WHEN l.is_open THEN '' ELSE 'view' END, '', '', CASE WHEN NOT l.is_open THEN f.finished_at END,
    CASE WHEN NOT l.is_open THEN f.finished_at END, CASE WHEN l.is_open THEN '' ELSE 'normal' END, '', CASE WHEN NOT l.is_open THEN f.finished_at END
FROM lived l JOIN organizations_liaison o ON o.organ_id = l.organ AND o.kind = 'officer'
CROSS JOIN LATERAL (SELECT LEAST(l.claimed_at + l.work, %(at)s::timestamptz) AS finished_at) f, organizations_county c, deadlines_rulebook r
WHERE NOT l.is_waiting ORDER BY l.i;

-- The first action is a proposal only; the duty with an end of its own stands for what can be late and overdue.
INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
    provisional, state, settled_at, recorded_at)
SELECT k.county_id, t.id, k.organ_id, y.id, k.id, k.opened_at, m.day_zero, m.last_day, m.due_at, m.provisional,
    CASE WHEN k.state = 'open' THEN 'running' ELSE 'met' END, k.acted_at, k.acted_at
FROM supervision_task k
JOIN deadlines_term t ON t.key = CASE WHEN draw(k.id, 8, 4) = 0 THEN 'change_proposal' ELSE 'first_action' END
JOIN task_dates m ON m.key = t.key AND m.day_zero = (k.opened_at AT TIME ZONE 'Asia/Shanghai')::date,
    django_content_type y
WHERE y.app_label = 'supervision' AND y.model = 'task' ORDER BY k.id;

INSERT INTO notices_notice (user_id, county_id, organ_id, kind, params, subject_type_id, subject_id, effective_at, read_at)
SELECT p.liaison_id, p.county_id, p.receiver_id, 'push_received', jsonb_build_object('title', p.title, 'document_number', p.document_number),
    y.id, p.id, p.pushed_at, CASE WHEN p.state <> 'waiting' THEN p.claimed_at END
FROM pushes_push p, django_content_type y WHERE y.app_label = 'pushes' AND y.model = 'push' ORDER BY p.id;

DROP TABLE drawn, lived;
