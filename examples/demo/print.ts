import { terminalText } from "../../provider/model/terminal-text";

/** Prints to stdout and adds a line end. Names and messages of files and services reach no terminal raw. */
export const print = (text: string): void => console.log(terminalText(text));
