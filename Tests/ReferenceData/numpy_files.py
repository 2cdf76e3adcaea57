"""Makes numpy_files/*.npy: the array [[0, 1, -2], [3, 100, -7]] (without signs where the type has none)
in every type, byte order and layout that tensor.load reads. Run: python numpy_files.py (NumPy 2.3.5)."""
import pathlib

import numpy as np

folder = pathlib.Path(__file__).parent / "numpy_files"
folder.mkdir(exist_ok=True)
values = np.array([[0, 1, -2], [3, 100, -7]])

for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    array = np.abs(values) if code[0] == "u" else values
    np.save(folder / f"{code}.npy", array.astype("<" + code))
np.save(folder / "b1.npy", np.array([[True, False, True], [True, False, True]]))
for code in ["f4", "f8", "i2", "i8"]:
    np.save(folder / f"{code}_big.npy", values.astype(">" + code))
np.save(folder / "f8_fortran.npy", np.asfortranarray(values.astype("f8")))
with open(folder / "f4_version2.npy", "wb") as file:
    np.lib.format.write_array(file, values.astype("f4"), version=(2, 0))
