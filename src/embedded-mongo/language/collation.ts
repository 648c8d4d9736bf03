import { isDoc } from '../bson/values.ts';
import type { Doc, Maybe } from '../bson/values.ts';
import { badValue, failedToParse, storeError, typeMismatch } from './errors.ts';
import { toSafeInteger } from './numbers.ts';

/** Language-aware string comparison. `undefined` wherever a collation is optional means plain binary order. */
export type Collation = {
	/** Below, equal to or above zero; equal exactly where `fold` is equal. */
	compare(a: string, b: string): number;
	/** A text that all strings equal under this collation share. */
	fold(text: string): string;
	/** The specification it was made of, defaults left out. */
	spec: Doc;
};

const KNOWN = new Set([
	'locale',
	'strength',
	'caseLevel',
	'caseFirst',
	'numericOrdering',
	'alternate',
	'maxVariable',
	'normalization',
	'backwards',
	'version'
]);

function readBoolean(spec: Doc, name: string): boolean {
	const value = spec.get(name);
	if (value === undefined) return false;
	if (typeof value !== 'boolean') throw typeMismatch(`Field '${name}' in collation must be a boolean`);
	return value;
}

/**
 * Compiles a collation document; the `simple` locale and a missing document give `undefined`.
 * `backwards` is refused. Strength 4 differs from 3 only where punctuation is shifted, strength 5 tells all code points apart.
 */
export function compileCollation(spec: Maybe): Collation | undefined {
	if (spec === undefined || (isDoc(spec) && spec.size === 0)) return undefined;
	if (!isDoc(spec)) throw typeMismatch('collation must be an object');
	for (const name of spec.keys()) {
		if (!KNOWN.has(name)) throw storeError('IDLUnknownField', `BSON field 'collation.${name}' is an unknown field.`);
	}
	const locale = spec.get('locale');
	if (locale === undefined) {
		throw storeError('IDLFailedToParse', "BSON field 'collation.locale' is missing but a required field");
	}
	if (typeof locale !== 'string') throw typeMismatch("Field 'locale' in collation must be a string");
	if (locale === 'simple') {
		if (spec.size > 1) throw badValue("If 'locale' is 'simple', no other fields should be present in a collation");
		return undefined;
	}
	const strength = spec.has('strength') ? toSafeInteger(spec.get('strength')) : 3;
	if (strength === null || strength < 1 || strength > 5) throw failedToParse('collation strength must be 1 to 5');
	if (readBoolean(spec, 'backwards')) throw badValue("collation option 'backwards' is not supported by this server");
	const caseLevel = readBoolean(spec, 'caseLevel');
	const numeric = readBoolean(spec, 'numericOrdering');
	const first = oneOf(spec, 'caseFirst', ['off', 'upper', 'lower']);
	const shifted = oneOf(spec, 'alternate', ['non-ignorable', 'shifted']) === 'shifted';
	const ignored = shifted && strength < 4 ? oneOf(spec, 'maxVariable', ['punct', 'space']) : undefined;
	const collator = new Intl.Collator(languageTag(locale), {
		usage: 'sort',
		sensitivity: strength === 1 ? (caseLevel ? 'case' : 'base') : strength === 2 && !caseLevel ? 'accent' : 'variant',
		numeric,
		caseFirst: first === 'upper' || first === 'lower' ? first : 'false',
		ignorePunctuation: shifted
	});
	const fold = folding(strength, caseLevel, numeric, ignored);
	return {
		spec,
		fold,
		compare(a, b) {
			if (a === b) return 0;
			const x = fold(a);
			const y = fold(b);
			if (x === y) return 0;
			// Where the collator sees no difference but the folded texts do, any fixed order keeps equality consistent.
			return collator.compare(a, b) || (x < y ? -1 : 1);
		}
	};
}

function languageTag(locale: string): string {
	const [base = '', variant] = locale.split('@collation=');
	const tag = base.replaceAll('_', '-') + (variant ? `-u-co-${variant}` : '');
	try {
		if (/^[a-zA-Z]/.test(tag) && Intl.Collator.supportedLocalesOf(tag).length > 0) return tag;
	} catch {
		// Not a well-formed language tag: refused below.
	}
	throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
}

function oneOf(spec: Doc, name: string, values: string[]): string {
	const value = spec.get(name) ?? (values[0] as string);
	if (typeof value !== 'string') throw typeMismatch(`Field '${name}' in collation must be a string`);
	if (!values.includes(value)) {
		throw badValue(`Enumeration value '${value}' for field 'collation.${name}' is not a valid value.`);
	}
	return value;
}

/** Up to strength 2 the letters of ligatures, wide forms and the like count alone, and ß as two. */
function folding(
	strength: number,
	caseLevel: boolean,
	numeric: boolean,
	ignored: string | undefined
): (text: string) => string {
	const plain = /^[\x20-\x7e]*$/;
	const skipped = ignored === 'space' ? /\p{Z}|[\t-\r]/gu : /[\p{Z}\p{P}\t-\r]/gu;
	return (text) => {
		let folded = text;
		if (!plain.test(text)) {
			folded = text.normalize(strength < 3 ? 'NFKD' : 'NFD');
			if (strength === 1) folded = folded.replace(/\p{M}/gu, '');
			if (strength < 3) folded = folded.replaceAll('ß', 'ss').replaceAll('ẞ', caseLevel ? 'SS' : 'ss');
		}
		if (strength < 3 && !caseLevel) folded = folded.toLowerCase();
		if (ignored !== undefined) folded = folded.replace(skipped, '');
		return numeric
			? folded.replace(/0+(?=\d)/g, (zeros, at: number) => (/\d/.test(folded[at - 1] ?? '') ? zeros : ''))
			: folded;
	};
}
