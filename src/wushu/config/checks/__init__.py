"""What ``wushu doctor`` looks at. A check yields what it finds and changes nothing."""
