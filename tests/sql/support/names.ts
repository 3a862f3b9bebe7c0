import fc from "fast-check";

/** Arbitrary UTF-16 strings, including lone surrogates and control characters, with many critical characters. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."[];,'\"\\/:*?<>|._ \t\r\n\0%^-$(a1"),
    fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
    fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
  ),
  maxLength: 24,
});

/** Valid database names: 1 to 128 characters without trailing blanks, which the server removes. */
export const databaseName = fc
  .oneof(
    anyText,
    anyText.map((name) => `${name}_0a1b2c3d`),
    // Names of maximum length that differ only at the beginning or the end.
    anyText.map((name) => name.padStart(128, "n")),
    anyText.map((name) => name.padEnd(128, "n")),
    fc.constantFrom("erp", "ERP", "erp.", "a/b", "a_b", "NUL", "con.x", "a\nSET @is_run = 0;\nb"),
  )
  .filter((name) => name.trim() !== "" && !name.endsWith(" ") && name.length <= 128);
