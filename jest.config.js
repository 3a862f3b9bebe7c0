/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/.work"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  // Most of the time goes into waiting for other processes: as many workers as cores, not one less.
  maxWorkers: "100%",
  // Two cores that other work shares too: a limit for what hangs, not for what is slow.
  testTimeout: 60000,
};
