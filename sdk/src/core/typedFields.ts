/** One field of an EIP-712 type. */
export interface Field {
  name: string;
  type: string;
}

/** Fields of an EIP-712 type, from `type name, type name`. */
export function typedFields(text: string): Field[] {
  return text.split(", ").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });
}
