import { ChunkPool } from "./chunk-pool";
import { Semaphore } from "./semaphore";

const PART_CONNECTIONS = 16;
const CONTROL_CONNECTIONS = 8;

/** Limits that all uploads and calls of the process share, so that 50 databases do not open 250 connections. */
export interface TransferBudget {
  readonly parts: Semaphore;
  readonly control: Semaphore;
  readonly chunks: ChunkPool;
}

export const newTransferBudget = (partConnections = PART_CONNECTIONS): TransferBudget => ({
  parts: new Semaphore(partConnections),
  control: new Semaphore(CONTROL_CONNECTIONS),
  chunks: new ChunkPool(),
});

export const sharedTransferBudget: TransferBudget = newTransferBudget();
