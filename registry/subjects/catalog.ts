import { findClosest } from '#core';
import { registryError } from '../errors.ts';
import type { Contract } from './contract.ts';

/** Something that is wrong with the versions of a subject. */
export interface CatalogFinding {
  readonly reason: 'duplicate' | 'gap';
  /** The contract to change. */
  readonly contract: Contract;
  readonly message: string;
}

/** All contracts by subject and version. Of two with the same version the first is kept, and a finding says so. */
export class ContractCatalog {
  readonly findings: readonly CatalogFinding[];
  /** By subject, versions ascending. */
  readonly #bySubject: ReadonlyMap<string, readonly Contract[]>;

  constructor(contracts: readonly Contract[]) {
    const bySubject = new Map<string, Contract[]>();
    const findings: CatalogFinding[] = [];
    for (const contract of contracts) {
      const versions = bySubject.get(contract.subject) ?? [];
      bySubject.set(contract.subject, versions);
      if (versions.some(({ version }) => version === contract.version)) {
        const message = `${contract.subject} version ${contract.version} is declared twice; give the newer one the next version`;
        findings.push({ reason: 'duplicate', contract, message });
      } else versions.push(contract);
    }
    for (const versions of bySubject.values()) {
      versions.sort((a, b) => a.version - b.version);
      findings.push(...gapsOf(versions));
    }
    this.#bySubject = bySubject;
    this.findings = findings;
  }

  /** The contract of a subject: that version, or the latest. */
  find(subject: string, version?: number): Contract | undefined {
    const versions = this.#bySubject.get(subject);
    return version === undefined ? versions?.at(-1) : versions?.find((contract) => contract.version === version);
  }

  /** Like `find`. Throws REGISTRY_SUBJECT_MISSING, naming what there is. */
  get(subject: string, version?: number): Contract {
    const contract = this.find(subject, version);
    if (contract !== undefined) return contract;
    const versions = this.versions(subject).map((known) => known.version);
    const meant = findClosest(subject, this.subjects());
    const hint = meant === undefined ? `known subjects: ${this.subjects().join(', ') || 'none'}` : `did you mean ${meant}?`;
    const message =
      versions.length > 0
        ? `${subject} has no version ${version}; it has ${versions.join(', ')}`
        : `there is no contract for ${subject}; ${hint}`;
    throw registryError('REGISTRY_SUBJECT_MISSING', message, { details: { subject, version } });
  }

  /** Subjects by name. */
  subjects(): readonly string[] {
    return [...this.#bySubject.keys()].sort();
  }

  /** Versions of a subject, ascending; empty where it is unknown. */
  versions(subject: string): readonly Contract[] {
    return this.#bySubject.get(subject) ?? [];
  }

  /** Every contract, by subject and version. */
  list(): readonly Contract[] {
    return this.subjects().flatMap((subject) => this.versions(subject));
  }
}

/** Versions count from 1; a history can only be read again with all of them. */
function gapsOf(versions: readonly Contract[]): readonly CatalogFinding[] {
  return versions.flatMap((contract, index): CatalogFinding[] => {
    const expected = (versions[index - 1]?.version ?? 0) + 1;
    if (contract.version <= expected) return [];
    const missing =
      contract.version - 1 === expected ? `version ${expected} is` : `versions ${expected} to ${contract.version - 1} are`;
    return [
      {
        reason: 'gap',
        contract,
        message: `${contract.subject} has version ${contract.version}, but ${missing} missing; versions count from 1 without gaps`,
      },
    ];
  });
}
