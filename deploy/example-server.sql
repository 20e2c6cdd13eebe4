-- The example server of compose.yaml: a role for Proctor, and a shop with an index that is not needed and a foreign key without one.
CREATE ROLE proctor LOGIN PASSWORD 'example-of-a-password';
GRANT pg_monitor TO proctor;
CREATE EXTENSION pg_stat_statements;

CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers,
  placed_at timestamptz NOT NULL,
  total numeric(10, 2) NOT NULL
);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
CREATE INDEX customers_email_idx ON customers (email);

INSERT INTO customers (email) SELECT format('customer-%s@shop.example', n) FROM generate_series(1, 5000) n;
INSERT INTO orders (customer_id, placed_at, total)
SELECT 1 + n % 5000, now() - n * interval '7 minutes', 5 + n % 300 FROM generate_series(1, 50000) n;
ANALYZE;
