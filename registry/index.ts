export { ContractFile, type JsonSchema } from './config.ts';
export { ContractCatalog } from './subjects/catalog.ts';
export { type Contract, createContract, validateData } from './subjects/contract.ts';
export { dataschemaOf, findContractRef } from './subjects/contract-reference.ts';
export { checkDefinition } from './validation/definition.ts';
export { describeValue, expectationOf } from './validation/expectation.ts';
export type { DataVerdict } from './validation/validator.ts';
