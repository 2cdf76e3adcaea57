extension ModelKinds {
  /// **The list to add a kind of model to** that comes with the program.
  static var builtIn: [any SurfaceModel.Type] { [MultilayerPerceptron.self] }
}
