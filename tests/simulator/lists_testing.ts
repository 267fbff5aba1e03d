/**
 * What tests that go over all lists need.
 *
 * @module
 */
import { createListWorld, type ListWorld } from "./lists/world.ts";
import { generateStorageUnits } from "./storage/units.ts";

/** A world without a simulator, for the values of path parameters. */
export function sampleWorld(version: string, storageUnitCount = 40): ListWorld {
  return createListWorld({
    seed: 1,
    serverName: "primary.example.com",
    version: Number(version),
    nowMs: Date.UTC(2026, 3, 1, 12, 34, 56),
    apiKey: "simulator-key",
    storageUnits: (nowMs) =>
      generateStorageUnits(storageUnitCount, nowMs).map((attributes) => ({ attributes })),
    finishedBackups: () => [],
  });
}
