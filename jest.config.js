const { availableParallelism } = require("node:os");

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
  // A large part of the time is waiting, for other processes and for real delays between tries: one worker more than cores.
  maxWorkers: availableParallelism() + 1,
  // Two cores that other work shares too: a limit for what hangs, not for what is slow.
  testTimeout: 60000,
};
