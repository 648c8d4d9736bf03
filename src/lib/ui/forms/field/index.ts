export { default as Field } from './field.svelte';
export { default as FieldGroup } from './field-group.svelte';
export { describedBy, fieldId, type FieldProps } from './field-id.ts';
