/**
 * Statements that make the vault's tables unless they are there. Keys stand in tables of their own: they are deleted and
 * re-wrapped while the contents never change.
 * @param schema A checked name.
 * @internal
 */
export function postgresSchema(schema: string): readonly string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${schema}.vault_keys (
      id integer PRIMARY KEY,
      public_key bytea NOT NULL,
      state text NOT NULL CHECK (state IN ('Active', 'Retiring', 'Destroyed'))
    )`,
    `CREATE UNIQUE INDEX IF NOT EXISTS vault_keys_one_active ON ${schema}.vault_keys (state)
      WHERE state = 'Active'`,
    `CREATE TABLE IF NOT EXISTS ${schema}.records (
      record bytea PRIMARY KEY CHECK (octet_length(record) = 32),
      custodian bigint NOT NULL,
      stored_at bigint NOT NULL,
      shredded_at bigint,
      shredded_under integer
    )`,
    `CREATE TABLE IF NOT EXISTS ${schema}.contents (
      record bytea PRIMARY KEY REFERENCES ${schema}.records,
      hash bytea NOT NULL,
      sealed bytea NOT NULL
    )`,
    // Ciphertext does not compress: PostgreSQL need not try.
    `ALTER TABLE ${schema}.contents ALTER COLUMN sealed SET STORAGE EXTERNAL`,
    `CREATE TABLE IF NOT EXISTS ${schema}.record_keys (
      record bytea PRIMARY KEY REFERENCES ${schema}.records,
      vault_key integer NOT NULL REFERENCES ${schema}.vault_keys,
      wrapped bytea NOT NULL
    )`,
    `CREATE INDEX IF NOT EXISTS record_keys_by_vault_key ON ${schema}.record_keys (vault_key, record)`,
    `CREATE TABLE IF NOT EXISTS ${schema}.grantee_keys (
      record bytea NOT NULL REFERENCES ${schema}.records,
      grantee bigint NOT NULL,
      wrapped bytea NOT NULL,
      wrapped_at bigint NOT NULL,
      PRIMARY KEY (record, grantee)
    )`,
  ];
}
