-- What version 0.1 wrote: sessions of every status, attempts, a billing key, webhooks, a report.
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_oooooooooooooooooooooo', 'payment', 'open', 3, 'order-o-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, NULL, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_cccccccccccccccccccccc', 'payment', 'confirming', 3, 'order-c-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, NULL, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_wwwwwwwwwwwwwwwwwwwwww', 'payment', 'waiting_for_deposit', 3, 'order-w-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, '{"method":"VIRTUAL_ACCOUNT","virtualAccount":{"bankCode":"20","accountNumber":"X6505636518308","customerName":"김토스","dueDate":"2026-11-24T09:00:00+09:00"}}', 'tgen_w', 'secret-w', 50, 40, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_pppppppppppppppppppppp', 'payment', 'paid', 3, 'order-p-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, '{"method":"VIRTUAL_ACCOUNT","virtualAccount":{"bankCode":"20","accountNumber":"X6505636518308","customerName":"김토스","dueDate":"2026-11-24T09:00:00+09:00"},"approvedAt":"2026-11-21T09:00:00+09:00"}', 'tgen_p', NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_qqqqqqqqqqqqqqqqqqqqqq', 'payment', 'partially_canceled', 3, 'order-q-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, '{"method":"VIRTUAL_ACCOUNT","virtualAccount":{"bankCode":"20","accountNumber":"X6505636518308","customerName":"김토스","dueDate":"2026-11-24T09:00:00+09:00"}}', 'tgen_q', NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_xxxxxxxxxxxxxxxxxxxxxx', 'payment', 'canceled', 3, 'order-x-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, NULL, 'tgen_x', NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_ffffffffffffffffffffff', 'payment', 'failed', 3, 'order-f-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, '{"failure":{"code":"REJECT_CARD_COMPANY","message":"거절"}}', NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_uuuuuuuuuuuuuuuuuuuuuu', 'payment', 'unknown', 3, 'order-u-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, NULL, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_eeeeeeeeeeeeeeeeeeeeee', 'payment', 'expired', 3, 'order-e-0001', '티셔츠 1장', 15000, 'customer-1', '["VIRTUAL_ACCOUNT"]', '{"name":"김토스"}', NULL, false, 20, NULL, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_bbbbbbbbbbbbbbbbbbbbbb', 'billing', 'active', 3, NULL, '티셔츠 1장', NULL, 'customer-1', '["CARD"]', '{"name":"김토스"}', '{"amount":{"value":9900,"currency":"KRW"},"interval":"month"}', true, 20, '{"method":"CARD","card":{"issuerCode":"61","number":"43301234****123*","cardType":"신용"},"charge":{"status":"succeeded","orderId":"chg_0123456789","amount":{"value":9900,"currency":"KRW"},"approvedAt":"2026-11-21T09:00:01+09:00","receiptUrl":"https://dashboard.tosspayments.com/receipt"}}', NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO sessions
    (id, kind, status, revision, order_id, order_name, amount, customer_key, methods, customer, plan, charge_now, expires_at, result, payment_key, secret_digest, due_at, next_check_at, created_at, updated_at)
VALUES
    ('cs_iiiiiiiiiiiiiiiiiiiiii', 'billing', 'issuing', 3, NULL, '티셔츠 1장', NULL, 'customer-1', '["CARD"]', '{"name":"김토스"}', '{"amount":{"value":9900,"currency":"KRW"},"interval":"month"}', false, 20, NULL, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('confirm-c', 'cs_cccccccccccccccccccccc', 'confirm', 'dc', 'sealed', 'confirm-c', 'order-c-0001', 15000, 'pending', NULL, NULL, NULL, 0, 30, 1, 5);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('confirm-w', 'cs_wwwwwwwwwwwwwwwwwwwwww', 'confirm', 'dw', 'sealed', 'confirm-w', 'order-w-0001', 15000, 'succeeded', NULL, NULL, NULL, 0, 30, 1, 5);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('confirm-u1', 'cs_uuuuuuuuuuuuuuuuuuuuuu', 'confirm', 'du1', 'sealed', 'confirm-u1', 'order-u-0001', 15000, 'declined', 'REJECT_CARD_COMPANY', '거절', 403, 0, 30, 1, 5);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('confirm-u2', 'cs_uuuuuuuuuuuuuuuuuuuuuu', 'confirm', 'du2', 'sealed', 'confirm-u2', 'order-u-0001', 15000, 'unknown', NULL, NULL, NULL, 0, 30, 2, 5);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('issue-b', 'cs_bbbbbbbbbbbbbbbbbbbbbb', 'issue', 'db', 'sealed', 'issue-b', NULL, NULL, 'succeeded', NULL, NULL, NULL, 0, 30, 1, 5);
INSERT INTO attempts
    (id, session_id, kind, key_digest, sealed_key, idempotency_key, order_id, amount, status, failure_code, failure_message, failure_status, tries, lease_until, created_at, updated_at)
VALUES
    ('charge-b', 'cs_bbbbbbbbbbbbbbbbbbbbbb', 'charge', NULL, 'sealed', 'charge-b', 'chg_0123456789', 9900, 'succeeded', NULL, NULL, NULL, 0, 30, 1, 5);
INSERT INTO billing_keys
    (session_id, customer_key, sealed_key, key_digest, method, created_at, consent_version, consent_text, consent_at)
VALUES
    ('cs_bbbbbbbbbbbbbbbbbbbbbb', 'customer-1', 'sealed-b', 'digest-b', 'CARD', 6, '1', '매월 9,900원', 7);
INSERT INTO webhook_events
    (transmission_id, event_type, order_id, claimed_status, secret_digest, state, note, deliveries, tries, next_try_at, received_at)
VALUES
    ('t1', 'DEPOSIT_CALLBACK', 'order-w-0001', 'DONE', 'x', 'pending', NULL, 2, 1, 10, 3);
INSERT INTO webhook_events
    (transmission_id, event_type, order_id, claimed_status, secret_digest, state, note, deliveries, tries, next_try_at, received_at)
VALUES
    ('t2', 'DEPOSIT_CALLBACK', 'order-w-0001', 'DONE', 'x', 'processed', NULL, 2, 1, 10, 3);
INSERT INTO failure_reports (session_id, code, message, order_id, created_at)
VALUES ('cs_ffffffffffffffffffffff', 'PAY_PROCESS_CANCELED', '', NULL, 3);
