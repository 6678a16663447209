-- Pushes that nobody claimed in time, each with its claim clock still running. Drawn by a hash, so that organ and day are independent.
WITH ends AS (
    SELECT (SELECT id FROM organizations_county) AS county,
           (SELECT id FROM organizations_organ WHERE kind = 'approval_bureau') AS bureau,
           (SELECT array_agg(id ORDER BY id) FROM organizations_organ WHERE kind = 'department') AS departments,
           (SELECT id FROM deadlines_rulebook) AS rulebook,
           (SELECT id FROM django_content_type WHERE app_label = 'approvals' AND model = 'decision') AS payload_type,
           (SELECT id FROM organizations_user WHERE username = 'head') AS head
)
INSERT INTO pushes_push (county_id, kind, sender_id, receiver_id, payload_type_id, payload_id, rulebook_id, title, matter, mode, party_name,
                         document_number, version, snapshot_hash, state, pushed_at, pushed_by_id, returns)
SELECT e.county, 'decision', e.bureau, e.departments[1 + draw(i, 1, cardinality(e.departments))], e.payload_type, i, e.rulebook,
       '食品经营许可（新办）', '对食品经营者的监督检查', 'K', '某餐饮管理有限公司', '石行审许〔2026〕' || i || '号', 1, repeat('0', 64), 'waiting',
       (%(first_day)s::timestamp + draw(i, 2, %(days)s) * interval '1 day' + interval '8 hours' + draw(i, 3, 32400) * interval '1 second')
           AT TIME ZONE 'Asia/Shanghai', e.head, 0
FROM generate_series(1, %(size)s) i, ends e;

INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
                                provisional, state, next_rung_at)
SELECT p.county_id, t.id, p.receiver_id, c.id, p.id, p.pushed_at, m.day_zero, m.last_day, m.due_at, m.provisional, 'running', NULL
FROM pushes_push p
JOIN deadlines_term t ON t.rulebook_id = p.rulebook_id AND t.key = 'claim'
JOIN django_content_type c ON c.app_label = 'pushes' AND c.model = 'push'
JOIN claim_dates m ON m.day_zero = (p.pushed_at AT TIME ZONE 'Asia/Shanghai')::date;
