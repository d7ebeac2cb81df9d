/**
 * A plan as a person reads it: one model for every medium, and the document of `show --format json`. The types are generated
 * from schemas/review.schema.json, which describes each member. A review contains text from outside as it came; each medium
 * escapes what it prints.
 */
export type {
  Card,
  CardPair,
  ChangeGroup,
  ChangeView,
  Completeness,
  DiagnosticGroup,
  DiagnosticView,
  DriftView,
  Fact,
  FieldView,
  HazardGroup,
  Impact,
  Member,
  Remark,
  ResourceLink,
  Review,
  SkippedView,
  Touches,
  Verdict,
} from '../generated/review.js';
