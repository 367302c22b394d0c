/** The table of the connection alone that holds rows between two steps of one statement (see upsert.ts). */
export const stageName = '"temp"."main"."grantd_stage"'
