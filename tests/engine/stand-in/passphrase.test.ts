import { newCrypter, openCrypter } from "../../../engine/stand-in/passphrase";

// Written by pulumi 3.248.0 with an empty passphrase: `pulumi stack init`, and the secret "hush" in a state.
const SALT = "v1:d7Vm0mTIUo0=:v1:bF2r8OiZDETBdMMc:lrzkbVhoPT7Ja1JTZuTUYlZUNgt6ZA==";
const SECRET = "v1:32gdYCjyKajLd19O:V+8Dh/oVsBRoXE6u1DTes0MxHJe16A==";

describe("secrets under a passphrase", () => {
  test("reads what the pulumi command wrote", () => {
    expect(JSON.parse(openCrypter("", SALT).decrypt(SECRET))).toBe("hush");
  });

  test("opens its own salt again and encrypts every text with a new nonce", () => {
    const crypter = newCrypter("word");
    const [one, two] = [crypter.encrypt("hush"), crypter.encrypt("hush")];
    expect(one).not.toBe(two);
    const opened = openCrypter("word", crypter.salt);
    expect([opened.decrypt(one), opened.decrypt(two)]).toEqual(["hush", "hush"]);
    expect(() => openCrypter("another", crypter.salt)).toThrow("incorrect passphrase");
  });

  test("refuses damaged texts and other formats", () => {
    const crypter = openCrypter("", SALT);
    const [version, nonce, sealed = ""] = SECRET.split(":");
    const flipped = Buffer.from(sealed, "base64").map((byte, at) => (at === 0 ? byte ^ 1 : byte));
    expect(() => crypter.decrypt(`${version}:${nonce}:${Buffer.from(flipped).toString("base64")}`)).toThrow();
    expect(() => crypter.decrypt(`${version}:${nonce}:`)).toThrow("cut short");
    expect(() => crypter.decrypt("hush")).toThrow("not an encrypted text");
    expect(() => openCrypter("", "v2:abc")).toThrow("unknown kind of encryption salt");
  });
});
