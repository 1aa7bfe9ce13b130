"""What a rebuild looks at: two trees compared, modules found, smoke tests run, and its outcome."""
