/** One field of an EIP-712 type. */
export interface TypedField {
  name: string;
  type: string;
}

/** Fields of an EIP-712 type, from `type name, type name`. */
export function typedFields(text: string): TypedField[] {
  return text.split(", ").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });
}
