import type { Contract } from '../contract/contract.ts';

/** Which shop, and how it is asked. Nothing is taken from the environment or from a config file. */
export interface ShopOptions {
  /** GraphQL address, e.g. https://shop.example.com/graphql/ */
  readonly apiUrl: string;
  /** Of a Saleor app. */
  readonly token: string;
  /** The target's name, where a config or policy gives it one. */
  readonly name?: string;
  /** Whatever a proxy in front of the shop wants. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests at one time (4). */
  readonly parallel?: number;
  /** Allows the token to travel over plain http to another machine. */
  readonly allowHttp?: boolean;
}

/** Where plans are, and by which rules they are judged. */
export interface FolderOptions {
  /** Folder of the plans ('plans'); its archive is in there. */
  readonly out?: string;
  /** Path of a policy ('sailplan.policy.json'); false: there is none, and one unsigned approval is enough. */
  readonly policy?: string | false;
  /** Left out: the built-in gtm-v1. It must be the plan's. */
  readonly contract?: Contract;
}

/** For a person who waits. */
export interface ProgressOptions {
  readonly onMessage?: (message: string) => void;
  /** Aborted: the apply stops after the steps in flight; the same plan can be applied again. */
  readonly signal?: AbortSignal;
  /** Path of an SSH key that signs the lines of the archive. */
  readonly archiveKey?: string;
}
