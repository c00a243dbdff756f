CREATE TABLE bayar_operation (
    environment TEXT NOT NULL,
    client_id TEXT NOT NULL,
    kind {int} NOT NULL,
    reference TEXT NOT NULL,
    amount_sen {int} NOT NULL,
    channel TEXT NOT NULL,
    original TEXT,
    number {int} NOT NULL,
    external_id TEXT NOT NULL,
    body {bytes} NOT NULL,
    device_id TEXT NOT NULL,
    ip_address TEXT,
    valid_up_to_ms {int} NOT NULL,
    begun_ms {int} NOT NULL,
    begun_steady_ms {int} NOT NULL,
    begun_boot {int} NOT NULL,
    begun_by_doku {int} NOT NULL,
    state {int} NOT NULL,
    answer_source {int},
    answer_http_status {int},
    answer_body TEXT,
    last_sent_ms {int},
    last_sent_steady_ms {int},
    last_sent_boot {int},
    ask_only {int} NOT NULL,
    epoch {int} NOT NULL,
    hold_call {int},
    hold_boot {int},
    hold_until_ms {int},
    created_ms {int} NOT NULL,
    changed_ms {int} NOT NULL,
    transaction_status {int},
    next_ask_ms {int},
    asked {int} NOT NULL,
    not_found {int} NOT NULL,
    note TEXT,
    trail TEXT NOT NULL,
    counts {int} NOT NULL,
    PRIMARY KEY (environment, client_id, kind, reference)
){strict};
CREATE INDEX bayar_operation_made ON bayar_operation (environment, client_id, created_ms, kind, reference);
CREATE INDEX bayar_operation_original ON bayar_operation (environment, client_id, original) WHERE original IS NOT NULL;
CREATE INDEX bayar_operation_open ON bayar_operation (environment, client_id, created_ms, kind, reference, next_ask_ms)
    WHERE next_ask_ms IS NOT NULL;
CREATE INDEX bayar_operation_old ON bayar_operation (environment, client_id, changed_ms) WHERE next_ask_ms IS NULL;
CREATE TABLE bayar_token (
    environment TEXT NOT NULL,
    client_id TEXT NOT NULL,
    version {int} NOT NULL,
    token TEXT,
    ends_boot {int} NOT NULL,
    ends_ms {int} NOT NULL,
    fetching_boot {int},
    fetching_ms {int},
    PRIMARY KEY (environment, client_id)
){strict};
CREATE TABLE bayar_notification (
    environment TEXT NOT NULL,
    client_id TEXT NOT NULL,
    key TEXT NOT NULL,
    reference TEXT NOT NULL,
    state {int} NOT NULL,
    is_known {int} NOT NULL,
    body TEXT NOT NULL,
    first_ms {int} NOT NULL,
    last_ms {int} NOT NULL,
    count {int} NOT NULL,
    PRIMARY KEY (environment, client_id, key)
){strict};
CREATE INDEX bayar_notification_open ON bayar_notification (environment, client_id, first_ms, key)
    WHERE state <> 2 OR is_known = 0;
CREATE INDEX bayar_notification_old ON bayar_notification (environment, client_id, last_ms) WHERE state = 2;
