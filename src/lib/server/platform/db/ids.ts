import mongoose from 'mongoose';
import { notFound } from '../errors.ts';

export type Id = mongoose.Types.ObjectId;

/** A new document id. */
export const newId = (): Id => new mongoose.Types.ObjectId();

/** Reads an id from outside; what is no id cannot be found. */
export const toId = (text: string): Id => {
	if (!/^[0-9a-f]{24}$/.test(text)) throw notFound();
	return new mongoose.Types.ObjectId(text);
};

export const toIds = (texts: readonly string[]): Id[] => texts.map(toId);

/** The stable id made from a name, for data that must come out the same each time. */
export const idFromHex = (hex: string): Id => new mongoose.Types.ObjectId(hex);
