"""What onnx and onnxruntime say of exported models.

Run: FLUXBRIDGE_ONNX=Tests/ReferenceData/onnx swift test --filter OnnxTests   # writes the models
     python3 Tests/ReferenceData/onnx_models.py > Tests/ReferenceData/onnx/predictions.csv
Made with onnx 1.23 and onnxruntime 1.31; needs `pip install onnx onnxruntime numpy`.
"""
import pathlib

import numpy
import onnx
import onnxruntime

FOLDER = pathlib.Path(__file__).parent / "onnx"

print("model,sample,nee")
for path in sorted(FOLDER.glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path)
    double = session.get_inputs()[0].type == "tensor(double)"
    count = 7
    x = numpy.array([[(13 * i + 5 * j) % 11 - 4.5 for j in range(3)] for i in range(count)], numpy.float64 if double else numpy.float32)
    nee = session.run(["nee"], {"drivers": x})[0]
    assert nee.shape == (count,), nee.shape
    for i, value in enumerate(nee):
        print(f"{path.stem},{i},{float(value)!r}")
