import type { DocumentNode, GraphQLSchema } from 'graphql';

export function schemaOf(path?: string): GraphQLSchema;
export function operationsDocument(): DocumentNode;
export function operations(): Promise<string>;
